"""SD-JWT, SD-JWT VC, and W3C documents secured with SD-JWT: issued, presented by choice, verified; fetches nothing.

* An issuer calls `issue` with a `Profile` (what kind of token it is) and the places that may be disclosed one by one.
* A holder calls `present` with the places to show, then `bind` where the verifier asks who is presenting.
* A verifier calls `verify`; or `parse`, then the steps in `verifying`, when the key must be looked up in between.
* `type_metadata` reads what a credential's type demands, and holds claims against it.

Source: RFC 9901 (SD-JWT); draft-ietf-oauth-sd-jwt-vc (SD-JWT VC); VC-JOSE-COSE 1.0, 3.2.
"""

from __future__ import annotations

from credentials.sd_jwt.holding import BindingDemand, KeyBinding, bind, present
from credentials.sd_jwt.issuing import conceal, issue
from credentials.sd_jwt.processing import Processed, process
from credentials.sd_jwt.profiles import CREDENTIAL, PLAIN, PRESENTATION, SD_JWT_VC, SD_JWT_VC_OLD, Profile, document
from credentials.sd_jwt.serialization import SdJwt, parse, parse_json
from credentials.sd_jwt.verifying import Verified, verify

__all__ = [
    "CREDENTIAL",
    "PLAIN",
    "PRESENTATION",
    "SD_JWT_VC",
    "SD_JWT_VC_OLD",
    "BindingDemand",
    "KeyBinding",
    "Processed",
    "Profile",
    "SdJwt",
    "Verified",
    "bind",
    "conceal",
    "document",
    "issue",
    "parse",
    "parse_json",
    "present",
    "process",
    "verify",
]
