"""What an employer's domain, a registry or a federation says about an issuer: read here, fetched elsewhere.

`names` compares names of hosts, `txt` reads a DNS record, `linkage` a DIF Well-Known DID Configuration, `registry` the
lists of known issuers, `federation` entity statements of OpenID Federation; `proving` asks on an issuer's behalf. None
of them judges a credential.
"""
