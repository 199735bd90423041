"""Says to a recruiter, in one sentence, what an error means for the credential in front of them. Decides nothing.

An error's own title and remedy speak to whoever made the document; who was handed a credential can mend nothing in it.
"""

from __future__ import annotations

from collections.abc import Mapping

from credentials import errors

_NO_JSON = "This file does not hold a credential that can be read."
_UNREACHABLE = "The issuer could not be reached."
_DAMAGED_KEYS = "What the issuer publishes about its keys is damaged."
_TOO_COSTLY = "It is built in a way that would take too long to check."
_DAMAGED_SIGNATURE = "Its signature is damaged."
_DAMAGED_LIST = "The issuer's list of withdrawals cannot be relied on right now."
_NO_STATUS = "The credential does not say properly where its withdrawal would be published."

_SENTENCES: Mapping[str, str] = {
    errors.OpenBadges2.code: "It is an Open Badges 2.0 assertion, which the issuing site itself must confirm.",
    errors.ImageDamaged.code: "The image that should carry it is damaged.",
    errors.ImageTooLarge.code: "The image is larger than one that carries a credential.",
    errors.NotBaked.code: "There is no credential in this image.",
    errors.BakedTwice.code: "The image carries several credentials, so it is not clear which one is meant.",
    errors.MalformedCbor.code: "This file does not hold a credential that can be read.",
    errors.CborNotDeterministic.code: "It is written in a roundabout form that two readers could take differently.",
    errors.CborTooLarge.code: "This is too large to be a credential.",
    errors.MalformedCose.code: "It is not written like a signed credential of its kind.",
    errors.FragmentMalformed.code: "The text after the # in this address is damaged or was not copied whole.",
    errors.CompactClaimMalformed.code: "It does not keep to the form of a claim in a printed code.",
    errors.CompactClaimTooLarge.code: "This is too long to be the claim of a printed code.",
    errors.InvalidJson.code: _NO_JSON,
    errors.InvalidUtf8.code: _NO_JSON,
    errors.ByteOrderMark.code: _NO_JSON,
    errors.NotANumber.code: _NO_JSON,
    errors.NumberOutOfRange.code: _NO_JSON,
    errors.LoneSurrogate.code: _NO_JSON,
    errors.JsonDepth.code: _NO_JSON,
    errors.NotAnObject.code: _NO_JSON,
    errors.NotACredential.code: "This file does not hold a credential.",
    errors.JsonTooLarge.code: "This is too large to be a credential.",
    errors.DuplicateKey.code: "It says the same thing twice, so two readers could see two different credentials.",
    errors.CredentialMalformed.code: "It does not keep to the form that every credential has.",
    errors.FormatNotSupported.code: "It is in a format that cannot be checked here yet.",
    errors.ContextNotKnown.code: "It uses a vocabulary that is not known here, so its meaning cannot be checked.",
    errors.InlineContextRefused.code: "It brings its own meanings for words, which cannot be checked here.",
    errors.NotCompacted.code: "It is written in a roundabout form that could hide parts of it.",
    errors.ProtectedTerm.code: "It gives well-known words another meaning.",
    errors.DataLoss.code: "Part of it is not covered by the signature, so anybody could have added that part.",
    errors.CanonicalizationLimit.code: _TOO_COSTLY,
    errors.JsonLdLimit.code: _TOO_COSTLY,
    errors.NoProof.code: "It is not signed, so anybody could have written it.",
    errors.MalformedProof.code: _DAMAGED_SIGNATURE,
    errors.BaseProofNotDisclosed.code: "It was sent in the form that only its holder should have.",
    errors.SelectionLimit.code: _TOO_COSTLY,
    errors.MalformedEncoding.code: _DAMAGED_SIGNATURE,
    errors.SignatureMalformed.code: _DAMAGED_SIGNATURE,
    errors.SignatureInvalid.code: "The text is not what was signed.",
    errors.TooManyProofs.code: "It carries more signatures than are checked here.",
    errors.UnsupportedProof.code: "It is signed in a way that cannot be checked here.",
    errors.AlgorithmKeyMismatch.code: "It is signed in a way that does not go with the issuer's key.",
    errors.ProofPurposeMismatch.code: "Its signature was made for something else than vouching for a credential.",
    errors.ProofExpired.code: "Its signature has expired.",
    errors.ProofNotYetValid.code: "Its signature is dated in the future.",
    errors.MalformedDid.code: "The name that it gives for the issuer's key is not a usable one.",
    errors.DidMethodNotSupported.code: "The issuer is named in a way that cannot be looked up here.",
    errors.KeyTypeNotSupported.code: "It is signed with a kind of key that cannot be checked here.",
    errors.DidDeactivated.code: "The issuer has given up the name under which this was signed.",
    errors.DidLogTooLong.code: "The history of the issuer's keys is too long to check here.",
    errors.InvalidDidLog.code: _DAMAGED_KEYS,
    errors.DidLogHashMismatch.code: "The history of the issuer's keys was altered.",
    errors.DidLogUnauthorized.code: "The history of the issuer's keys has an entry that nobody was allowed to write.",
    errors.DidLogNotWitnessed.code: "The history of the issuer's keys lacks the witnesses that it should have.",
    errors.MalformedCertificate.code: "The certificate that it was signed with is damaged.",
    errors.CertificateNotTrusted.code: "The certificate that it was signed with comes from no authority trusted here.",
    errors.CertificateNameMismatch.code: "The certificate that it was signed with belongs to somebody else.",
    errors.InvalidDidDocument.code: _DAMAGED_KEYS,
    errors.DidDocumentIdMismatch.code: _DAMAGED_KEYS,
    errors.InvalidVerificationMethod.code: "The issuer does not publish the key that this was signed with.",
    errors.MultipleVerificationMaterial.code: _DAMAGED_KEYS,
    errors.InvalidRelationship.code: "The issuer does not allow that key to sign credentials.",
    errors.KeyExpired.code: "The key had already ended when this was signed.",
    errors.KeyRevoked.code: "The issuer had already withdrawn the key when this was signed.",
    errors.KeyLaterWithdrawn.code: "The issuer has withdrawn the key that this was signed with.",
    errors.TokenMalformed.code: "This is not a whole credential: part of it is missing or damaged.",
    errors.TokenTooLarge.code: "This is too large to be a credential.",
    errors.AlgorithmNotAllowed.code: "It is signed in a way that proves nothing.",
    errors.CriticalHeaderNotUnderstood.code: "It demands a way of checking that is not known here.",
    errors.TokenTypeMismatch.code: "It is signed as something else than a credential.",
    errors.KeyIdUnknown.code: "The issuer does not publish the key that this was signed with.",
    errors.UnexpectedClaim.code: "It holds two credentials in one, so two readers could see two different ones.",
    errors.ClaimMalformed.code: _DAMAGED_SIGNATURE,
    errors.ClaimMismatch.code: "It contradicts itself, so two readers could see two different credentials.",
    errors.EnvelopeMalformed.code: "The envelope around it is damaged.",
    errors.IssuerMismatch.code: "It was signed by somebody else than the issuer it names.",
    errors.SdJwtMalformed.code: "This is not a whole credential: part of it is missing or damaged.",
    errors.TooManyDisclosures.code: "This is too large to be a credential.",
    errors.HashAlgorithmNotSupported.code: "Its parts are sealed in a way that cannot be relied on.",
    errors.DisclosureMalformed.code: "A part of it is damaged.",
    errors.ReservedClaimName.code: "A part of it is written so that it could hide other parts.",
    errors.DigestMalformed.code: "The seals of its parts are damaged.",
    errors.DigestRepeated.code: "It says the same thing twice, so two readers could see two different credentials.",
    errors.DisclosureUnreferenced.code: "A part of it was not signed by the issuer, so anybody could have added it.",
    errors.DisclosureMisplaced.code: "A part of it stands where the issuer did not put it.",
    errors.ClaimOverwritten.code: "It says the same thing twice, so two readers could see two different credentials.",
    errors.ClaimMustBeOpen.code: "It hides something that is needed to check it.",
    errors.TokenExpired.code: "It has expired.",
    errors.TokenNotYetValid.code: "It is not valid yet.",
    errors.KeyBindingMissing.code: "Whoever sent it did not show that it is theirs.",
    errors.KeyBindingDigestMismatch.code: "Its holder signed another selection than this one.",
    errors.KeyBindingStale.code: "Its holder signed it too long ago, so somebody may be passing it on.",
    errors.HolderKeyMissing.code: "It is not bound to anybody's key, so nobody can show that it is theirs.",
    errors.TypeMetadataMalformed.code: "The description of its type is damaged.",
    errors.TypeMetadataUnknown.code: "The description of its type could not be reached.",
    errors.TypeMetadataIntegrity.code: "The description of its type is not the one that the issuer signed for.",
    errors.TypeExtendsLimit.code: "The description of its type has no end.",
    errors.ClaimBreaksType.code: "It does not keep to the rules of its type.",
    errors.StatusEntryMalformed.code: _NO_STATUS,
    errors.StatusIndexOutOfRange.code: _NO_STATUS,
    errors.StatusTypeNotSupported.code: "Its withdrawal would be published in a way that cannot be checked here.",
    errors.StatusListMalformed.code: _DAMAGED_LIST,
    errors.StatusListTooLarge.code: _DAMAGED_LIST,
    errors.StatusListTooShort.code: _DAMAGED_LIST,
    errors.StatusListNotTrusted.code: _DAMAGED_LIST,
    errors.ChallengeMismatch.code: "It does not answer what was asked, so it may have been made for somebody else.",
    errors.DomainMismatch.code: "It was made for somebody else than the one who asks.",
    errors.HolderMismatch.code: "It is presented by somebody else than the person it is about.",
    errors.NothingPresented.code: "There is no credential in it.",
    errors.TooManyCredentials.code: "It holds more credentials than are checked at once.",
    errors.ProofContextMismatch.code: "Its signature was made for other meanings of its words.",
    errors.MalformedTimestamp.code: "A time in it is not written as a time.",
    errors.MalformedContext.code: "It does not say properly what its words mean.",
    errors.MalformedJsonLd.code: "It is not written as its format demands.",
    errors.StatusListUnreachable.code: "The issuer's list of withdrawals could not be reached.",
}


def sentence(error: errors.PlauditError) -> str:
    """One plain sentence for `error`; an error that nobody wrote one for speaks by its title."""
    if error.code in _SENTENCES:
        return _SENTENCES[error.code]
    return _UNREACHABLE if isinstance(error, errors.Unreachable) else f"{error.title}."


def unchecked_remedy(error: errors.PlauditError) -> str:
    """What to do about a check that was not done: wait for the world, or ask where the data is beyond us."""
    if isinstance(error, errors.Unreachable):
        return "Try again in a moment."
    return "Ask the issuer to confirm it."


#: What whoever presents can mend themselves; the issuer has no part in it.
_OF_THE_PRESENTER = (
    errors.ChallengeMismatch,
    errors.DomainMismatch,
    errors.HolderMismatch,
    errors.NothingPresented,
)


def failed_remedy(error: errors.PlauditError, usual: str) -> str:
    """What to do about a check that failed: the usual thing, but for what a presentation alone can have wrong."""
    return error.remedy if isinstance(error, _OF_THE_PRESENTER) else usual
