"""Says to a recruiter, in one sentence, what an error means for the credential in front of them. Decides nothing.

An error's own title and remedy speak to whoever made the document; who was handed a credential can mend nothing in it.
"""

from __future__ import annotations

from collections.abc import Mapping

from credentials import errors
from credentials.sentence import Sentence

__all__ = ["Sentence", "failed_remedy", "known_codes", "sentence", "unchecked_remedy"]

_NO_JSON = Sentence("This file does not hold a credential that can be read.")
_UNREACHABLE = Sentence("The issuer could not be reached.")
_DAMAGED_KEYS = Sentence("What the issuer publishes about its keys is damaged.")
_TOO_COSTLY = Sentence("It is built in a way that would take too long to check.")
_DAMAGED_SIGNATURE = Sentence("Its signature is damaged.")
_DAMAGED_LIST = Sentence("The issuer's list of withdrawals cannot be relied on right now.")
_NO_STATUS = Sentence("The credential does not say properly where its withdrawal would be published.")

_SENTENCES: Mapping[str, Sentence] = {
    errors.OpenBadges2.code: Sentence(
        "It is an Open Badges 2.0 assertion, which the issuing site itself must confirm."
    ),
    errors.ImageDamaged.code: Sentence("The image that should carry it is damaged."),
    errors.ImageTooLarge.code: Sentence("The image is larger than one that carries a credential."),
    errors.NotBaked.code: Sentence("There is no credential in this image."),
    errors.BakedTwice.code: Sentence("The image carries several credentials, so it is not clear which one is meant."),
    errors.MalformedCbor.code: Sentence("This file does not hold a credential that can be read."),
    errors.CborNotDeterministic.code: Sentence("It is written in a form that two readers could take differently."),
    errors.CborTooLarge.code: Sentence("This is too large to be a credential."),
    errors.MalformedCose.code: Sentence("It is not written like a signed credential of its kind."),
    errors.FragmentMalformed.code: Sentence("The text after the # in this address is damaged or was not copied whole."),
    errors.CompactClaimMalformed.code: Sentence("It does not keep to the form of a claim in a printed code."),
    errors.CompactClaimTooLarge.code: Sentence("This is too long to be the claim of a printed code."),
    errors.InvalidJson.code: _NO_JSON,
    errors.InvalidUtf8.code: _NO_JSON,
    errors.ByteOrderMark.code: _NO_JSON,
    errors.NotANumber.code: _NO_JSON,
    errors.NumberOutOfRange.code: _NO_JSON,
    errors.LoneSurrogate.code: _NO_JSON,
    errors.JsonDepth.code: _NO_JSON,
    errors.NotAnObject.code: _NO_JSON,
    errors.NotACredential.code: Sentence("This file does not hold a credential."),
    errors.JsonTooLarge.code: Sentence("This is too large to be a credential."),
    errors.DuplicateKey.code: Sentence(
        "It says the same thing twice, so two readers could see two different credentials."
    ),
    errors.CredentialMalformed.code: Sentence("It does not keep to the form that every credential has."),
    errors.FormatNotSupported.code: Sentence("It is in a format that cannot be checked here."),
    errors.ContextNotKnown.code: Sentence(
        "It uses a vocabulary that is not known here, so its meaning cannot be checked."
    ),
    errors.InlineContextRefused.code: Sentence("It brings its own meanings for words, which cannot be checked here."),
    errors.NotCompacted.code: Sentence("It is written in a form that could hide parts of it."),
    errors.ProtectedTerm.code: Sentence("It gives well-known words another meaning."),
    errors.DataLoss.code: Sentence(
        "Part of it is not covered by the signature, so anybody could have added that part."
    ),
    errors.CanonicalizationLimit.code: _TOO_COSTLY,
    errors.JsonLdLimit.code: _TOO_COSTLY,
    errors.NoProof.code: Sentence("It is not signed, so anybody could have written it."),
    errors.MalformedProof.code: _DAMAGED_SIGNATURE,
    errors.BaseProofNotDisclosed.code: Sentence("It was sent in the form that only its holder should have."),
    errors.SelectionLimit.code: _TOO_COSTLY,
    errors.MalformedEncoding.code: _DAMAGED_SIGNATURE,
    errors.SignatureMalformed.code: _DAMAGED_SIGNATURE,
    errors.SignatureInvalid.code: Sentence("The text is not what was signed."),
    errors.TooManyProofs.code: Sentence("It carries more signatures than are checked here."),
    errors.UnsupportedProof.code: Sentence("It is signed in a way that cannot be checked here."),
    errors.AlgorithmKeyMismatch.code: Sentence("It is signed in a way that does not go with the issuer's key."),
    errors.ProofPurposeMismatch.code: Sentence(
        "Its signature was made for something else than vouching for a credential."
    ),
    errors.ProofExpired.code: Sentence("Its signature has expired."),
    errors.ProofNotYetValid.code: Sentence("Its signature is dated in the future."),
    errors.MalformedDid.code: Sentence("The name that it gives for the issuer's key is not a usable one."),
    errors.DidMethodNotSupported.code: Sentence("The issuer is named in a way that cannot be looked up here."),
    errors.KeyTypeNotSupported.code: Sentence("It is signed with a kind of key that cannot be checked here."),
    errors.DidDeactivated.code: Sentence("The issuer has given up the name under which this was signed."),
    errors.DidLogTooLong.code: Sentence("The history of the issuer's keys is too long to check here."),
    errors.InvalidDidLog.code: _DAMAGED_KEYS,
    errors.DidLogHashMismatch.code: Sentence("The history of the issuer's keys was altered."),
    errors.DidLogUnauthorized.code: Sentence(
        "The history of the issuer's keys has an entry that nobody was allowed to write."
    ),
    errors.DidLogNotWitnessed.code: Sentence(
        "The history of the issuer's keys lacks the witnesses that it should have."
    ),
    errors.MalformedCertificate.code: Sentence("The certificate that it was signed with is damaged."),
    errors.CertificateNotTrusted.code: Sentence(
        "The certificate that it was signed with comes from no authority trusted here."
    ),
    errors.CertificateNameMismatch.code: Sentence("The certificate that it was signed with belongs to somebody else."),
    errors.InvalidDidDocument.code: _DAMAGED_KEYS,
    errors.DidDocumentIdMismatch.code: _DAMAGED_KEYS,
    errors.InvalidVerificationMethod.code: Sentence("The issuer does not publish the key that this was signed with."),
    errors.MultipleVerificationMaterial.code: _DAMAGED_KEYS,
    errors.InvalidRelationship.code: Sentence("The issuer does not allow that key to sign credentials."),
    errors.KeyExpired.code: Sentence("The key had already ended when this was signed."),
    errors.KeyRevoked.code: Sentence("The issuer had already withdrawn the key when this was signed."),
    errors.KeyLaterWithdrawn.code: Sentence("The issuer has withdrawn the key that this was signed with."),
    errors.TokenMalformed.code: Sentence("This is not a whole credential: part of it is missing or damaged."),
    errors.TokenTooLarge.code: Sentence("This is too large to be a credential."),
    errors.AlgorithmNotAllowed.code: Sentence("It is signed in a way that proves nothing."),
    errors.CriticalHeaderNotUnderstood.code: Sentence("It demands a way of checking that is not known here."),
    errors.TokenTypeMismatch.code: Sentence("It is signed as something else than a credential."),
    errors.KeyIdUnknown.code: Sentence("The issuer does not publish the key that this was signed with."),
    errors.UnexpectedClaim.code: Sentence(
        "It holds two credentials in one, so two readers could see two different ones."
    ),
    errors.ClaimMalformed.code: _DAMAGED_SIGNATURE,
    errors.ClaimMismatch.code: Sentence("It contradicts itself, so two readers could see two different credentials."),
    errors.EnvelopeMalformed.code: Sentence("The envelope around it is damaged."),
    errors.IssuerMismatch.code: Sentence("It was signed by somebody else than the issuer it names."),
    errors.SdJwtMalformed.code: Sentence("This is not a whole credential: part of it is missing or damaged."),
    errors.TooManyDisclosures.code: Sentence("This is too large to be a credential."),
    errors.HashAlgorithmNotSupported.code: Sentence("Its parts are sealed in a way that cannot be relied on."),
    errors.DisclosureMalformed.code: Sentence("A part of it is damaged."),
    errors.ReservedClaimName.code: Sentence("A part of it is written so that it could hide other parts."),
    errors.DigestMalformed.code: Sentence("The seals of its parts are damaged."),
    errors.DigestRepeated.code: Sentence(
        "It says the same thing twice, so two readers could see two different credentials."
    ),
    errors.DisclosureUnreferenced.code: Sentence(
        "A part of it was not signed by the issuer, so anybody could have added it."
    ),
    errors.DisclosureMisplaced.code: Sentence("A part of it stands where the issuer did not put it."),
    errors.ClaimOverwritten.code: Sentence(
        "It says the same thing twice, so two readers could see two different credentials."
    ),
    errors.ClaimMustBeOpen.code: Sentence("It hides something that is needed to check it."),
    errors.TokenExpired.code: Sentence("It has expired."),
    errors.TokenNotYetValid.code: Sentence("It is not valid yet."),
    errors.KeyBindingMissing.code: Sentence("Whoever sent it did not show that it is theirs."),
    errors.KeyBindingDigestMismatch.code: Sentence("Its holder signed another selection than this one."),
    errors.KeyBindingStale.code: Sentence("Its holder signed it too long ago, so somebody may be passing it on."),
    errors.HolderKeyMissing.code: Sentence("It is not bound to anybody's key, so nobody can show that it is theirs."),
    errors.TypeMetadataMalformed.code: Sentence("The description of its type is damaged."),
    errors.TypeMetadataUnknown.code: Sentence("The description of its type could not be reached."),
    errors.TypeMetadataIntegrity.code: Sentence(
        "The description of its type is not the one that the issuer signed for."
    ),
    errors.TypeExtendsLimit.code: Sentence("The description of its type has no end."),
    errors.ClaimBreaksType.code: Sentence("It does not keep to the rules of its type."),
    errors.StatusEntryMalformed.code: _NO_STATUS,
    errors.StatusIndexOutOfRange.code: _NO_STATUS,
    errors.StatusTypeNotSupported.code: Sentence(
        "Its withdrawal would be published in a way that cannot be checked here."
    ),
    errors.StatusListMalformed.code: _DAMAGED_LIST,
    errors.StatusListTooLarge.code: _DAMAGED_LIST,
    errors.StatusListTooShort.code: _DAMAGED_LIST,
    errors.StatusListNotTrusted.code: _DAMAGED_LIST,
    errors.NoticeNotTrusted.code: Sentence("What the issuer says about it cannot be relied on."),
    errors.ChallengeMismatch.code: Sentence(
        "It does not answer what was asked, so it may have been made for somebody else."
    ),
    errors.DomainMismatch.code: Sentence("It was made for somebody else than the one who asks."),
    errors.HolderMismatch.code: Sentence("It is presented by somebody else than the person it is about."),
    errors.NothingPresented.code: Sentence("It presents no credential."),
    errors.TooManyCredentials.code: Sentence("It holds more credentials than are checked at once."),
    errors.ProofContextMismatch.code: Sentence("Its signature was made for other meanings of its words."),
    errors.MalformedTimestamp.code: Sentence("A time in it is not written as a time."),
    errors.MalformedContext.code: Sentence("It does not say properly what its words mean."),
    errors.MalformedJsonLd.code: Sentence("It is not written the way its format asks for."),
    errors.StatusListUnreachable.code: Sentence("The issuer's list of withdrawals could not be reached."),
}


def known_codes() -> frozenset[str]:
    """The codes of errors that have a sentence of their own."""
    return frozenset(_SENTENCES)


def sentence(error: errors.PlauditError) -> str:
    """One plain sentence for `error`; an error that nobody wrote one for speaks by its title."""
    if error.code in _SENTENCES:
        return _SENTENCES[error.code]
    return (
        _UNREACHABLE if isinstance(error, errors.Unreachable) else Sentence("%(title)s.", title=Sentence(error.title))
    )


def unchecked_remedy(error: errors.PlauditError) -> str:
    """What to do about a check that was not done: wait for the world, or ask where the data is beyond us."""
    if isinstance(error, errors.Unreachable):
        return Sentence("Try again in a moment.")
    return Sentence("Ask the issuer to confirm it.")


#: What whoever presents can mend themselves; the issuer has no part in it.
_OF_THE_PRESENTER = (
    errors.ChallengeMismatch,
    errors.DomainMismatch,
    errors.HolderMismatch,
    errors.NothingPresented,
)


def failed_remedy(error: errors.PlauditError, usual: str) -> str:
    """What to do about a check that failed: the usual thing, but for what a presentation alone can have wrong."""
    return Sentence(error.remedy) if isinstance(error, _OF_THE_PRESENTER) else usual
