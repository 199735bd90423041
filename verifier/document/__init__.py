"""A PDF as a whole: its signature, and whether what is printed on its pages is what was signed.

`judging_pdf` is the entrance. `signatures`, `pages` and what they use run in a disposable child (`sandbox`); nothing
here opens a connection or keeps anything.
"""
