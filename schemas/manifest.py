"""Checks MANIFEST.json, or refreshes the digests of our own files in it; published files it never re-pins.

`python -m schemas.manifest` checks every file against its row; `python -m schemas.manifest refresh` first writes the
digests of this repository's own contexts and schemas anew.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import schemas

#: Rows of files that are written here; all others are constants published by somebody else.
OWN = "this repository"
_LICENCE = "Apache-2.0"


def refresh(folder: Path = schemas.FOLDER) -> list[str]:
    """Give each of our own files a row with its present digest; return the files whose row changed."""
    path = folder / "MANIFEST.json"
    before = {row["file"]: row for row in json.loads(path.read_text("utf-8"))}
    rows = dict(before)
    for name in _own_files(folder, before):
        data = (folder / name).read_bytes()
        url = schemas.PLAUDIT_CONTEXT if name.startswith("contexts/") else str(json.loads(data)["$id"])
        rows[name] = {
            "url": url,
            "file": name,
            "sha256": hashlib.sha256(data).hexdigest(),
            "source": OWN,
            "licence": _LICENCE,
        }
    path.write_text(json.dumps(list(rows.values()), indent=2, ensure_ascii=False) + "\n", "utf-8")
    return [name for name, row in rows.items() if before.get(name) != row]


def _own_files(folder: Path, rows: dict[str, dict[str, str]]) -> list[str]:
    own = {name for name, row in rows.items() if row["source"] == OWN}
    new = {path.relative_to(folder).as_posix() for path in folder.glob("json/*.schema.json")} - rows.keys()
    return sorted(own | new)


def main(arguments: list[str]) -> int:
    """Run the command line; 0 when every file is the pinned one."""
    if arguments == ["refresh"]:
        for name in refresh():
            sys.stdout.write(f"pinned anew: {name}\n")
    elif arguments:
        sys.stderr.write("usage: python -m schemas.manifest [refresh]\n")
        return 64
    try:
        schemas.rows.cache_clear()
        schemas.check_manifest()
    except schemas.SchemaIntegrityError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{len(schemas.rows())} files are the pinned ones\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
