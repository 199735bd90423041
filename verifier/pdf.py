"""Takes the embedded credential out of a PDF. It draws no page, runs nothing in the file and uses no name of it.

Called in a disposable child by the web (`sandbox`), directly by the command line. Every step is bounded: the walk
through the name tree, the number of attachments, and above all decompression, where the raw stream is inflated here
and never past the limit (asking the library for the decoded attachment costs gigabytes on a 2 kB bomb).

Sources: ISO 32000-2 §7.11.4 (embedded files), §7.9.6 (name trees), §14.13 (associated files); PDF/A-3.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

from verifier.problems import (
    DamagedFile,
    EncryptedFile,
    FileUnpacksTooLarge,
    NoCredentialInFile,
    SeveralCredentialsInFile,
)

#: The library words its complaints about a file from the file's own content: none of that belongs in our log.
logging.getLogger("pikepdf").addHandler(logging.NullHandler())
logging.getLogger("pikepdf").propagate = False

#: The strict JSON gate's own limit: a larger attachment cannot be a credential.
MAX_CREDENTIAL = 1_000_000
#: A certificate has one attachment; a scanned dossier may have dozens.
MAX_ATTACHMENTS = 64
#: Nodes of the name tree that are visited; a tree of 64 attachments has a handful.
MAX_TREE_NODES = 256
#: Two Flate filters in a row are legal; more are a bomb's business.
MAX_FILTERS = 2


class _UnpacksTooLargeError(Exception):
    """An attachment that unpacks to more than a credential may have."""


def embedded_credential(data: bytes) -> bytes:
    """Return the bytes of the one credential that is attached to the PDF, exactly as they were embedded."""
    try:
        with pikepdf.open(BytesIO(data), suppress_warnings=True) as pdf:
            return _only_credential(pdf)
    except pikepdf.PasswordError as error:
        raise EncryptedFile("The PDF is encrypted: it opens only with a password.") from error
    except (EncryptedFile, FileUnpacksTooLarge, NoCredentialInFile, SeveralCredentialsInFile):
        raise
    except Exception as error:  # whatever a broken file makes the library raise is the file's fault
        raise DamagedFile("The PDF's structure is broken, so its attachments can't be read.") from error


def _only_credential(pdf: pikepdf.Pdf) -> bytes:
    found: set[bytes] = set()
    too_large = False
    for stream in _attachments(pdf):
        try:
            content = _content(stream)
        except _UnpacksTooLargeError:
            too_large = True
            continue
        if content is not None and looks_like_credential(content):
            found.add(content)
    if len(found) > 1:
        raise SeveralCredentialsInFile("The PDF has several credentials attached to it.")
    if found:
        return found.pop()
    if too_large:
        raise FileUnpacksTooLarge(f"What is attached to the PDF unpacks to more than {MAX_CREDENTIAL} bytes.")
    raise NoCredentialInFile("The PDF has no credential attached to it.")


def looks_like_credential(content: bytes) -> bool:
    """Tell whether an attachment claims to be a credential; whether it *is* one is for the verification to say."""
    return content.lstrip()[:1] == b"{" and b"VerifiableCredential" in content


def _attachments(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Stream]:
    """Yield each attachment's stream once, from the name tree and from the document's associated files."""
    seen: set[tuple[int, int]] = set()
    for specification in _specifications(pdf):
        files = specification.get("/EF") if isinstance(specification, pikepdf.Dictionary) else None
        if not isinstance(files, pikepdf.Dictionary):
            continue
        for key in ("/UF", "/F"):
            stream = files.get(key)
            if isinstance(stream, pikepdf.Stream) and stream.objgen not in seen:
                seen.add(stream.objgen)
                yield stream
                if len(seen) == MAX_ATTACHMENTS:
                    return


def _specifications(pdf: pikepdf.Pdf) -> Iterator[Any]:
    root = pdf.Root
    associated = root.get("/AF")
    if isinstance(associated, pikepdf.Array):
        yield from _first(associated, MAX_ATTACHMENTS)
    names = root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        yield from _tree_values(names.get("/EmbeddedFiles"))


def _tree_values(tree: Any) -> Iterator[Any]:
    """Walk a name tree without following a loop; its order does not matter here."""
    waiting, seen = [tree], set()
    for _ in range(MAX_TREE_NODES):
        if not waiting:
            return
        node = waiting.pop()
        if not isinstance(node, pikepdf.Dictionary) or (node.is_indirect and node.objgen in seen):
            continue
        seen.add(node.objgen)
        pairs, kids = node.get("/Names"), node.get("/Kids")
        if isinstance(pairs, pikepdf.Array):
            yield from list(_first(pairs, 2 * MAX_ATTACHMENTS))[1::2]
        if isinstance(kids, pikepdf.Array):
            waiting.extend(_first(kids, MAX_TREE_NODES))


def _first(array: pikepdf.Array, count: int) -> Iterator[Any]:
    return (array[index] for index in range(min(len(array), count)))


def _content(stream: pikepdf.Stream) -> bytes | None:
    """Return an attachment's decoded bytes; None when a filter is used that no credential is stored with."""
    filters = _filters(stream)
    if filters is None or len(filters) > MAX_FILTERS:
        return None
    data: bytes = stream.read_raw_bytes()
    if not filters and len(data) > MAX_CREDENTIAL:
        raise _UnpacksTooLargeError
    for _ in filters:
        data = _inflate(data)
    return data


def _filters(stream: pikepdf.Stream) -> list[str] | None:
    """Return the stream's filters, or None unless all of them are plain Flate."""
    value = stream.get("/Filter")
    names = [] if value is None else [str(name) for name in value] if isinstance(value, pikepdf.Array) else [str(value)]
    if any(name not in ("/FlateDecode", "/Fl") for name in names):
        return None
    parameters = stream.get("/DecodeParms")
    plain = parameters is None or "/Predictor" not in str(parameters)
    return names if plain else None


def _inflate(data: bytes) -> bytes:
    inflater = zlib.decompressobj()
    out = inflater.decompress(data, MAX_CREDENTIAL + 1)
    if len(out) > MAX_CREDENTIAL:
        raise _UnpacksTooLargeError
    return out
