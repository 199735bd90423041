"""A credential packed into a field of a page, so that the page can offer it for saving and nothing is kept here.

What comes back is whatever the browser sends: it is unpacked within bounds and judged again like anything else.
"""

from __future__ import annotations

import zlib
from typing import Final

from credentials import errors, multibase
from credentials.verify import Policy
from verifier.problems import InputTooLarge, RequestNotUnderstood

#: What credentials have in common; the last is found at the least cost (RFC 1950, 2.2). Only pages that are open in a
#: browser at this moment depend on it.
_COMMON: Final = (
    b"supervisor-confirmedself-reportedtime logon sitehybridremotevolunteersimulatedcredit-bearingunpaidemployed"
    b'"aiUse":"employerComment":"accepted with changes""not used"]}],"tag":["hoursSource":"","status":"Completed",'
    b'"value":"accepted"}]},"evidence":[{"id":"https://","type":["Evidence"],"name":"","genre":""},{"narrative":"private",'
    b'"digestSRI":"sha256-"relatedResource":[{"id":"https://","credentialStatus":{"id":"https:///status/#","type":'
    b'"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"","statusListCredential":"https://'
    b'"},"credentialSchema":[{"id":"https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential'
    b'_schema.json","type":"1EdTechJsonSchemaValidator2019"},{"id":"https://w3id.org/plaudit/credential/v1.json","type":'
    b'"1EdTechJsonSchemaValidator2019"}],"termsOfUse":[{"type":"SharingPermission","showPublicly":true,"nondisclosure":'
    b'false}],"proof":[{"type":"DataIntegrityProof","created":"2026-","verificationMethod":"did:web:#key-1",'
    b'"cryptosuite":"eddsa-rdfc-2022","proofPurpose":"assertionMethod","proofValue":"z"}]}'
    b'{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",'
    b'"https://w3id.org/plaudit/v1"],"id":"https:///c/","type":["VerifiableCredential","AchievementCredential"],"name":"'
    b'","issuer":{"id":"did:web:","type":["Profile"],"name":"","legalName":"","url":"https://","official":"",'
    b'"officialTitle":"","domainProof":"none","otherIdentifier":[{"type":"IdentifierEntry","identifier":"",'
    b'"identifierType":"ext:lei"}]},"validFrom":"2026-","awardedDate":"2026-T00:00:00Z","credentialSubject":{"type":'
    b'["AchievementSubject"],"identifier":[{"type":"IdentityObject","hashed":false,"identityHash":"","identityType":"name'
    b'"}],"role":"","engagementKind":"paid contract","workMode":"remote","teamSize":1,"activityStartDate":"2026-",'
    b'"activityEndDate":"2026-","achievement":{"id":"https:///a/","type":["Achievement"],"achievementType":"Fieldwork",'
    b'"name":"","description":"","criteria":{"narrative":""},"humanCode":"","inLanguage":"en","alignment":[{"type":'
    b'["Alignment"],"targetName":"","targetUrl":"https:///skills/"},"resultDescription":[{"id":"#hours","type":'
    b'["ResultDescription"],"name":"Hours worked","resultType":"ext:HoursWorked","valueMin":"0.25","valueMax":"2000"},'
    b'{"id":"#outcome","type":["ResultDescription"],"name":"Outcome of the work","resultType":"Status","allowedValue":'
    b'["accepted","accepted with changes","not used"]}],"result":[{"type":["Result"],"resultDescription":"https:///a/'
)
#: A page that carries more than this is slow on a phone: a credential with a large picture inside is not offered.
MAX_PACKED: Final = 60_000
_MAX_UNPACKED: Final = Policy().max_bytes


def pack(credential: bytes) -> str | None:
    """Return `credential` as text for a field (deflate, base64url); None when it is too large for a page."""
    deflating = zlib.compressobj(9, zdict=_COMMON)
    packed = multibase.encode_base64url(deflating.compress(credential) + deflating.flush())
    return packed if len(packed) <= MAX_PACKED else None


def unpack(packed: str) -> bytes:
    """Return what `pack` was given. Raises `RequestNotUnderstood` for anything else, `InputTooLarge` for a bomb."""
    if len(packed) > MAX_PACKED:
        raise InputTooLarge(f"More than {MAX_PACKED} characters were sent.")
    inflating = zlib.decompressobj(zdict=_COMMON)
    try:
        credential = inflating.decompress(multibase.decode_base64url(packed), _MAX_UNPACKED)
    except (zlib.error, errors.BadData):
        raise RequestNotUnderstood("What was sent is not what a page of results carries.") from None
    if inflating.unconsumed_tail:
        raise InputTooLarge("What was sent unpacks to more than any credential has.")
    if not inflating.eof or inflating.unused_data:
        raise RequestNotUnderstood("What was sent is not whole.")
    return credential
