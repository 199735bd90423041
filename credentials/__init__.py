"""The pure core that issuer and verifier share: what a credential is, how it is signed, and how it is checked.

No Flask, SQL, network, files, clock, randomness, environment or logging: time, keys and the outside world come in as
arguments (see `ports`). A ruff ban list and import-linter hold it to that.
"""
