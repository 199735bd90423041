"""What can be wrong with what a domain, a registry or a federation publishes about an issuer."""

from __future__ import annotations

from credentials.errors.families import BadData


class DomainEvidenceMalformed(BadData):
    """A DID configuration, registry or entity statement that should show whose a domain is does not hold up."""

    code = "domain_evidence_malformed"
    title = "What is published about the issuer does not hold up"
    remedy = "Tell whoever publishes it; a credential is judged without it."
