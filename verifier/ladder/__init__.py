"""The issuer's domain ladder: what shows that the employer's domain is the issuer's, as at signing and as now.

It informs; no rung makes a verdict better or worse. As at signing is the issuer's own signed statement, and is always
there. As now is looked up only when a reader asks for it (docs/adr/0013): `looking` asks everything at once within one
budget, `asking` knows how each rung is asked, `rungs` holds what came of it, `registries` what the operator configured,
`text_records` is the way to the name system.
"""
