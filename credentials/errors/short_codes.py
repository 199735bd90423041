"""What can be wrong with a short code that somebody typed from paper."""

from __future__ import annotations

from credentials.errors.families import BadData


class CodeMistyped(BadData):
    """What was typed cannot be the code of any record: its length, a character, or the check character is wrong."""

    code = "code_mistyped"
    title = "This code was mistyped"
    remedy = "Compare it with the paper, character by character, and type it again."
