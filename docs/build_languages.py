"""Brings the catalogs in templates/languages/ up to date with the program: new messages come in, stale ones go.

    python docs/build_languages.py            update, and say what is left to translate
    python docs/build_languages.py --missing  also list it

It translates nothing. Messages are: what templates hand to `_` and `ngettext`, every `Sentence("…")`, the words of the
verdicts, and the title and the remedy of each error that a verifier can meet.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

REPOSITORY = Path(__file__).resolve().parent.parent
CATALOGS = REPOSITORY / "templates" / "languages"
#: Pages that a stranger opens; the console speaks English.
TEMPLATES = ("base.html", "record/*.html", "verifier/*.html", "issuer/record.html", "issuer/_frame.html")
SOURCES = ("credentials/**/*.py", "verifier/**/*.py", "issuer/views/sharing.py")
#: Where classes of errors stand whose words a page of the verifier shows.
ERRORS = ("credentials/errors/*.py", "verifier/**/*.py")
#: The CLDR's rules for the plural where Babel's tables for gettext have others.
PLURAL_FORMS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
    "hi": "nplurals=2; plural=(n > 1);",
}

sys.path.insert(0, str(REPOSITORY))

from credentials.languages import ENGLISH, KNOWN  # noqa: E402
from credentials.verify import Verdict  # noqa: E402

#: A message: its text, or its forms for one and for several.
Message = str | tuple[str, str]


def messages() -> dict[Message, set[str]]:
    """Every message of the program, with the files that it stands in."""
    found: dict[Message, set[str]] = {}
    for message, place in (*_of_templates(), *_of_sources(), *_of_errors(), *_of_verdicts()):
        found.setdefault(message, set()).add(place)
    return found


def _files(folder: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        yield from sorted(folder.glob(pattern))


def _place(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def _of_templates() -> Iterator[tuple[Message, str]]:
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2)}
    for path in _files(REPOSITORY / "templates", TEMPLATES):
        for _, message, _, _ in extract_from_file("jinja2.ext:babel_extract", path, keywords=keywords):
            yield message if isinstance(message, str) else (message[0], message[1]), _place(path)


def _of_sources() -> Iterator[tuple[Message, str]]:
    for path in _files(REPOSITORY, SOURCES):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Sentence":
                texts = [str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)]
                if len(texts) == 2:
                    yield (texts[0], texts[1]), _place(path)
                elif texts:
                    yield texts[0], _place(path)


def _of_errors() -> Iterator[tuple[Message, str]]:
    for path in _files(REPOSITORY, ERRORS):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                yield from ((text, _place(path)) for text in _words_of(node))


def _words_of(kind: ast.ClassDef) -> Iterator[str]:
    for node in kind.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="title" | "remedy")], value=ast.Constant(value=str(text))) if text:
                yield text
            case ast.AnnAssign(target=ast.Name(id="title" | "remedy"), value=ast.Constant(value=str(text))) if text:
                yield text


def _of_verdicts() -> Iterator[tuple[Message, str]]:
    for verdict in Verdict:
        for text in (verdict.word, verdict.sentence, verdict.remedy):
            yield str(text), "credentials/verify/report.py"


def read(tag: str) -> Catalog:
    """The catalog of this language as it is; an empty one where there is none yet."""
    path = CATALOGS / f"{tag}.po"
    if not path.exists():
        return Catalog(locale=KNOWN[tag].locale)
    return read_po(BytesIO(path.read_bytes()), locale=KNOWN[tag].locale)


def updated(tag: str, wanted: dict[Message, set[str]]) -> Catalog:
    """The catalog with just the messages that are wanted, each with the translation that it had."""
    before, after = read(tag), Catalog(locale=KNOWN[tag].locale, fuzzy=False)
    for message, places in sorted(wanted.items(), key=lambda item: str(item[0])):
        known = before.get(message)
        text = known.string if known is not None and not known.fuzzy else ""
        after.add(message, text or None, locations=[(place, 0) for place in sorted(places)])
    return after


def text(tag: str, catalog: Catalog) -> str:
    """The catalog as its file holds it; the same messages give the same text: no dates, no line numbers."""
    body = BytesIO()
    write_po(body, catalog, width=120, omit_header=True, include_lineno=False)
    plural = PLURAL_FORMS.get(tag, catalog.plural_forms + ";")
    header = f'msgid ""\nmsgstr ""\n"Language: {KNOWN[tag].locale}\\n"\n"MIME-Version: 1.0\\n"\n'
    header += f'"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {plural}\\n"\n\n'
    return header + body.getvalue().decode("utf-8").strip() + "\n"


def write(tag: str, catalog: Catalog) -> None:
    """Replace the file of this language."""
    (CATALOGS / f"{tag}.po").write_text(text(tag, catalog), encoding="utf-8")


def untranslated(catalog: Catalog) -> list[object]:
    """What has no words yet, whole or in one of its plural forms."""
    missing: list[object] = []
    for message in catalog:
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and not all(forms):
            missing.append(message.id)
    return missing


def main(arguments: list[str]) -> None:
    """Update every catalog."""
    wanted = messages()
    for tag in KNOWN:
        if tag == ENGLISH.tag:
            continue
        catalog = updated(tag, wanted)
        write(tag, catalog)
        missing = untranslated(catalog)
        sys.stdout.write(f"{tag}: {len(wanted)} messages, {len(missing)} to translate\n")
        if "--missing" in arguments:
            for message in missing:
                sys.stdout.write(f"  {message}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
