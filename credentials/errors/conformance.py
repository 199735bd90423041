"""What can be wrong with documents on the VC-API surface: their shape as a whole, who they are of, their status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from credentials.errors.families import BadData, WithFindings

if TYPE_CHECKING:
    pass


class NotConformant(WithFindings):
    """A credential or presentation breaks rules of the data model (VCDM); `findings` names every place."""

    code = "not_conformant"
    title = "The document does not keep to the data model"
    remedy = "Correct every place that is named."
    problem_type = "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"


class BaseRefused(BadData):
    """A context inside the document sets `@base`, which would turn what is no URL into one."""

    code = "base_refused"
    title = "@base is not accepted"
    remedy = "Write every id and type as an absolute URL or as a term."
    problem_type = "https://w3id.org/security#DATA_LOSS_DETECTION_ERROR"


class SelfAssertedMismatch(BadData):
    """An unsigned credential in a presentation is not its holder's own word about themselves (VCDM 2.0, 4.13.3)."""

    code = "self_asserted_mismatch"
    title = "An unsigned credential is not the holder's own"
    remedy = "Present credentials that their issuer signed; only the holder's own may stand without a signature."
    problem_type = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"


class PresentationUnsigned(BadData):
    """Nothing shows who presents it, and it answers no challenge; a warning where nobody asked for a signature."""

    code = "presentation_unsigned"
    title = "The presentation is not signed"
    remedy = "Where it matters who presents it, ask for a presentation that answers a challenge."
    problem_type = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"


class StatusSet(BadData):
    """The issuer's status list says that the credential is withdrawn or suspended."""

    code = "status_set"
    title = "The credential was withdrawn or suspended"
    remedy = "Do not rely on it. The issuer can say why."
    problem_type = "https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR"
