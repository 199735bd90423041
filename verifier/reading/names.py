"""How the name of a file in an archive may be shown. It is text from a stranger, and never a path."""

from __future__ import annotations

import unicodedata

#: Enough to find the file again.
_SHOWN = 120
#: Control, format (which turn or hide text), surrogate, private and unassigned characters, and line ends.
_INVISIBLE = ("C", "Zl", "Zp")


def shown(name: str) -> str:
    """The name without anything in it that cannot be seen; a long one keeps its end."""
    text = "".join("\N{REPLACEMENT CHARACTER}" if _is_invisible(char) else char for char in name)
    return text if len(text) <= _SHOWN else "…" + text[-_SHOWN:]


def is_hidden(name: str) -> bool:
    """Tell what programs put beside the files of a person: `.DS_Store`, `__MACOSX/…`."""
    parts = name.replace("\\", "/").split("/")
    return "__MACOSX" in parts or parts[-1].startswith(".")


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char).startswith(_INVISIBLE)
