"""CBOR and COSE: the strict CBOR gate, COSE_Sign1, CBOR Web Tokens and W3C credentials in them; it holds no keys."""
