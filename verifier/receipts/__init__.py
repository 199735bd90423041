"""Receipts: a signed, dated statement of what was checked with what result, and what a receipt that comes back says.

The verifier holds no key. It asks a `signer.ReceiptSigner`, which the composition root brings, and keeps nothing.
"""
