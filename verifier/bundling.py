"""Joins our own ES modules into one script: for a page, for a file on a disk, for other people's pages.

Not a bundler for any JavaScript: it knows the one way in which our modules import and export, and refuses another.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

MODULES = Path(__file__).resolve().parent.parent / "templates" / "static" / "js"

_IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "\./([a-z0-9-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
#: Comments that stand on lines of their own, and what editors are told within a line; then what indents a line.
_COMMENT = re.compile(r"^[ \t]*(?:/\*.*?\*/|//[^\n]*)[ \t]*\n|/\*\* .*? \*/ ?", re.MULTILINE | re.DOTALL)
#: What a refusal says to whoever reads the modules; pages go by its code.
_MESSAGE = re.compile(r'(\brefuse\("\w+", )"[^"]*"')
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


@cache
def bundle(entry: str) -> str:
    """Return the module `entry` (its name, without `.js`) with everything that it imports, as one module script.

    Each module becomes a function that is called once, so that names never meet. Raises `ValueError` for a module
    that is written in another way, or that could end an inline script.
    """
    parts: dict[str, str] = {}
    _add(entry, parts)
    script = "\n".join(parts.values())
    if "</" in script or "<!--" in script:
        raise ValueError(f"{entry} could not stand in a page")
    return script


def integrity(data: bytes) -> str:
    """The hash of a script as `integrity` and Content-Security-Policy write it: SHA-384, as browsers ask for."""
    return "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode()


def _add(name: str, parts: dict[str, str]) -> None:
    source = (MODULES / f"{name}.js").read_text(encoding="utf-8")
    imports = _IMPORT.findall(source)
    for _, other in imports:
        if other not in parts:
            _add(other, parts)
    body = _MESSAGE.sub(r'\1""', _COMMENT.sub("", _EXPORT.sub(r"\1", _IMPORT.sub("", source))))
    body = _INDENT.sub("", body)
    if re.search(r"^(?:import|export)\b", body, re.MULTILINE):
        raise ValueError(f"{name}.js imports or exports in a way that is not known here")
    order = list(parts)
    taken = "".join(f"const {{ {names} }} = m{order.index(other)};\n" for names, other in imports)
    given = ", ".join(match[1] for match in _EXPORT.findall(source))
    parts[name] = f"const m{len(order)} = (() => {{\n{taken}{body}return {{ {given} }};\n}})();"
