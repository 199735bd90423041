"""Makes the certificate's font bundle from named packages; it downloads nothing and is never run by the service.

    python -m issuer.certificates.build_fonts --noto /usr/share/fonts --inter DIR --source-serif DIR

Three sources, so that anyone can build the same bytes again (`fonts/README.md` names their versions):

* `--noto`: a folder holding Debian's fonts-noto-core and fonts-noto-cjk. Hints and vertical forms are taken out
  (a PDF needs neither) and every character is kept; the Noto fonts have no reserved name, so they keep theirs.
* `--inter`: a folder holding Debian's fonts-inter, and `--source-serif`: a folder holding npm's source-serif. Copied
  byte for byte, because a changed "Source" font must not be called by its reserved name.

Beside the fonts it writes `bundle.json`: for each font, in the order in which the certificate prefers them, the file,
its SHA-256, its family and the characters it covers. The renderer chooses fonts from that, not from what it finds.
`LICENCES.md` gives each font's copyright and licence, as the font itself states them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont

from issuer.certificates.bundle import BUNDLE, FONTS

INTER = ("Inter-Regular", "Inter-Medium")
SOURCE_SERIF = ("SourceSerif4Display-Regular", "SourceSerif4Display-Light", "SourceSerif4-Regular")

#: Serif where Noto has one, so that a name looks as formal in one script as in the next.
NOTO_SERIF = (
    *("", "Armenian", "Balinese", "Bengali", "Devanagari", "Dogra", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi"),
    *("Hebrew", "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Sinhala", "Tamil", "Telugu", "Thai", "Tibetan"),
)
NOTO_SANS = (
    *("Adlam", "Bamum", "Batak", "Buginese", "CanadianAboriginal", "Chakma", "Cham", "Cherokee", "Coptic"),
    *("Deseret", "HanifiRohingya", "Javanese", "Kaithi", "KayahLi", "Lepcha", "Limbu", "Lisu", "Mandaic"),
    *("MeeteiMayek", "Miao", "Mongolian", "Newa", "NewTaiLue", "NKo", "Nushu", "OlChiki", "Oriya", "Osage", "Osmanya"),
    *("PahawhHmong", "Rejang", "Samaritan", "Saurashtra", "SoraSompeng", "Sundanese", "SylotiNagri", "Symbols"),
    *("Symbols2", "Syriac", "Tagalog", "TaiLe", "TaiTham", "TaiViet", "Takri", "Thaana", "Tifinagh", "Tirhuta"),
    *("Vai", "Wancho", "WarangCiti", "Yi"),
)
CJK = "NotoSerifCJK-Regular.ttc"
CJK_FACE = 0  # Japanese cmap; `locl` turns its Han into the Chinese and Korean forms, so one face serves four languages
#: Layout that a horizontal line of a name needs of the CJK face; the rest is vertical, ruby and historic forms.
CJK_FEATURES = ("ccmp", "locl", "ljmo", "vjmo", "tjmo", "mark", "mkmk", "kern")


def main() -> None:
    """Build the bundle in templates/certificate/fonts from the folders named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for source in ("noto", "inter", "source-serif"):
        parser.add_argument(f"--{source}", type=Path, required=True, help="folder that holds the package's fonts")
    arguments = parser.parse_args()
    for old in (*FONTS.glob("*.otf"), *FONTS.glob("*.ttf")):
        old.unlink()
    names = [
        *(copy(_find(arguments.source_serif, f"{name}.otf")) for name in SOURCE_SERIF),
        *(copy(_find(arguments.inter, f"{name}.otf")) for name in INTER),
        *(slim(_find(arguments.noto, f"NotoSerif{name}-Regular.ttf")) for name in NOTO_SERIF),
        slim(_find(arguments.noto, "NotoNaskhArabic-Regular.ttf")),
        slim(_find(arguments.noto, CJK), face=CJK_FACE, features=CJK_FEATURES),
        *(slim(_find(arguments.noto, f"NotoSans{name}-Regular.ttf")) for name in NOTO_SANS),
    ]
    BUNDLE.write_text(_json_lines(describe(FONTS / name) for name in names), encoding="utf-8")
    (FONTS / "LICENCES.md").write_text(licences(names), encoding="utf-8")


def _find(folder: Path, name: str) -> Path:
    """The one file of that name below `folder`; raises FileNotFoundError with what to install."""
    found = sorted(folder.rglob(name))
    if not found:
        raise FileNotFoundError(f"{name} is not below {folder}: see fonts/README.md for the package that has it")
    return found[0]


def copy(source: Path) -> str:
    """Put an unchanged font into the bundle; its file name."""
    shutil.copyfile(source, FONTS / source.name)
    return source.name


def slim(source: Path, *, face: int = -1, features: tuple[str, ...] = ("*",)) -> str:
    """Put a font into the bundle with every character but no hints and only the named layout features."""
    options = subset.Options(
        hinting=False,
        layout_features=list(features),
        name_IDs=["*"],
        notdef_outline=True,
        glyph_names=False,
        recalc_timestamp=False,
        drop_tables=["DSIG", "vhea", "vmtx", "VORG", "BASE", "meta", "gasp"],
    )
    with subset.load_font(str(source), subset.Options(font_number=face, recalc_timestamp=False)) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=font.getBestCmap().keys())
        cutter.subset(font)
        name = f"{source.stem}{'.otf' if 'CFF ' in font else '.ttf'}"
        font.save(FONTS / name)
    return name


def describe(path: Path) -> dict[str, Any]:
    """What `bundle.json` says of one font: file, sha256, family as fontconfig calls it, weight, covered ranges."""
    with TTFont(path) as font:
        names, covered = font["name"], sorted(font.getBestCmap())
        return {
            "file": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "family": names.getDebugName(16) or names.getDebugName(1),
            "weight": font["OS/2"].usWeightClass,
            "ranges": ranges(covered),
        }


def ranges(points: Iterable[int]) -> list[int]:
    """Sorted code points as a flat list first, last, first, last, …"""
    flat: list[int] = []
    for point in points:
        if flat and flat[-1] == point - 1:
            flat[-1] = point
        else:
            flat += [point, point]
    return flat


def licences(names: Iterable[str]) -> str:
    """The page that gives each font's licence. Every one must be under the SIL Open Font License, or ValueError."""
    rows = []
    for name in sorted(names):
        with TTFont(FONTS / name) as font:
            copyright_, licence, version = (str(font["name"].getDebugName(one) or "") for one in (0, 13, 5))
        if not licence and name.startswith("Noto"):  # one forgets to; Debian's package does
            copyright_, licence = f"{copyright_} (licence as stated by the package)", "SIL Open Font License"
        if "Open Font License" not in licence:
            raise ValueError(f"{name} is not under the SIL Open Font License: {licence}")
        changed = "no" if name.removesuffix(".otf") in (*SOURCE_SERIF, *INTER) else "hints and unused layout removed"
        rows.append(f"| {name} | {copyright_.replace('|', ' ')} | {version.split(';')[0]} | {changed} |")
    return _LICENCES_HEAD + "\n".join(rows) + "\n"


_LICENCES_HEAD = """\
# Licences of the bundled fonts

Every font here is under the SIL Open Font License, version 1.1: its text is in `OFL.txt`.

| file | copyright | version | changed |
|---|---|---|---|
"""


def _json_lines(fonts: Iterable[dict[str, Any]]) -> str:
    """A JSON array with one font a line, so that a change of one font is a change of one line."""
    return "[\n" + ",\n".join(json.dumps(font, separators=(",", ":")) for font in fonts) + "\n]\n"


if __name__ == "__main__":
    main()
