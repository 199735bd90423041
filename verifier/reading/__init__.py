"""Reads what strangers hand in as files: pictures, PDF pages, résumés, archives. It judges nothing and fetches nothing.

Everything here that opens a file runs in a disposable child (`verifier.sandbox`); only the shapes that come back
(`codes`, `places`, `leads`) are also used outside.
"""
