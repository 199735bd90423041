"""Looks after signing keys: makes, keeps, rotates and opens them. Code only; never a place for key material.

`keyring` decides which key signs · `file_store` keeps keys (`folder`, `key_file`, `sealing`, `passphrase` carry it) ·
`signer` is the one door to signatures · `did_document` publishes the public halves · `did_log` their history ·
`cli` is `plaudit keys`.
"""
