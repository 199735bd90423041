"""The cryptosuite ecdsa-sd-2023: an issuer signs once, a holder shows parts, a verifier sees only those.

`create_base_proof` (issuer), `derive` (holder), `ECDSA_SD_2023.check` (verifier), `check_base_proof` (holder, issuer).
Source: Data Integrity ECDSA Cryptosuites 1.0, 3.4 and 3.5.
"""

from credentials.cryptosuites.ecdsa_sd.base import ProofKey, create_base_proof
from credentials.cryptosuites.ecdsa_sd.check import ECDSA_SD_2023, EcdsaSd2023, check_base_proof
from credentials.cryptosuites.ecdsa_sd.derive import derive

__all__ = ["ECDSA_SD_2023", "EcdsaSd2023", "ProofKey", "check_base_proof", "create_base_proof", "derive"]
