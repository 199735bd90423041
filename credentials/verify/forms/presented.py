"""Takes a presentation apart: its holder, its signatures, the credentials inside. Checks no signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from credentials import data_integrity, errors, presentation, strict_json, vcdm
from credentials.verify import plain_form
from credentials.verify.forms import embedded
from credentials.verify.forms.face import Signature
from credentials.verify.limits import Limits


class Presented(Protocol):
    """A presentation taken apart and well-formed. `holder` is None where it names nobody."""

    @property
    def format(self) -> str: ...

    @property
    def holder(self) -> str | None: ...

    @property
    def signatures(self) -> Sequence[Signature]: ...

    @property
    def credentials(self) -> Sequence[bytes]:
        """Each credential inside, as the bytes that are verified by themselves."""
        ...

    def check_binding(self, *, challenge: str | None, domain: str | None) -> None:
        """Raise `errors.ChallengeMismatch` or `errors.DomainMismatch` unless every signature answers what was asked."""
        ...


@dataclass(frozen=True, slots=True)
class EmbeddedPresentation:
    """A JSON presentation, with Data Integrity proofs or without any."""

    document: Mapping[str, Any]
    holder: str | None
    signatures: Sequence[Signature]
    credentials: Sequence[bytes]
    format: str = "vp"

    def check_binding(self, *, challenge: str | None, domain: str | None) -> None:
        for proof in data_integrity.proofs_of(self.document, required=False):
            data_integrity.check_binding(proof, challenge=challenge, domain=domain)


def read(data: bytes, limits: Limits) -> Presented:
    """Take the presentation in `data` apart; raises the typed error of the first thing wrong with its form."""
    document = strict_json.loads_object(data, max_bytes=limits.max_bytes)
    check_document(document)
    embedded.check_contexts(document)
    proofs = embedded.proofs_of(document, limits) if "proof" in document else []
    if proofs:
        plain_form.check({name: value for name, value in document.items() if name != "verifiableCredential"})
    signatures = [embedded.EmbeddedProof(document, proof, presentation.PURPOSE) for proof in proofs]
    return EmbeddedPresentation(document, holder_of(document), signatures, credentials_of(document, limits))


def check_document(document: Mapping[str, Any]) -> None:
    """The rules of the data model (VCDM 2.0, 4.13); raises `errors.CredentialMalformed` with the first breach."""
    if "VerifiablePresentation" not in vcdm.types(document):
        raise errors.CredentialMalformed("This is not a presentation.", pointer="/type")
    broken = vcdm.check_presentation(document)
    if broken:
        raise errors.CredentialMalformed(broken[0].message, pointer=broken[0].pointer)


def holder_of(document: Mapping[str, Any]) -> str | None:
    """The holder's id, written plainly or in an object; None when there is none."""
    holder = document.get("holder")
    found = holder.get("id") if isinstance(holder, Mapping) else holder
    return found if isinstance(found, str) else None


def credentials_of(document: Mapping[str, Any], limits: Limits) -> list[bytes]:
    """Each credential inside as bytes. Raises `errors.NothingPresented`, `errors.TooManyCredentials`."""
    found = vcdm.as_list(document.get("verifiableCredential", []))
    if not found:
        raise errors.NothingPresented("the presentation holds no credential", pointer="/verifiableCredential")
    if len(found) > limits.max_credentials:
        raise errors.TooManyCredentials(f"{len(found)} credentials; at most {limits.max_credentials} are verified")
    return [item.encode() if isinstance(item, str) else strict_json.dumps(item) for item in found]
