"""Forges certificates: takes a genuine PDF of ours and changes what people see, as somebody with a PDF editor would.

The attached credential is never touched. Places are those of the certificate's design, in points.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

#: Marked-content numbers of the printed texts, in their order on the page.
NAME, TITLE, HOURS, PERIOD = 4, 6, 7, 9
#: Where the name is printed: left, bottom, right, top.
NAME_BOX = (150.0, 345.0, 690.0, 395.0)

Forge = Callable[[bytes], bytes]


def _edited(pdf: bytes, change: Callable[[pikepdf.Pdf], None], **saving: Any) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as document:
        change(document)
        out = BytesIO()
        document.save(out, **saving)
    return out.getvalue()


def _text(document: pikepdf.Pdf, number: int, change: Callable[[list[Any], int, int], None]) -> None:
    """Let `change` edit the page's instructions, given the places of the marked text's beginning and of its letters."""
    page = document.pages[0]
    instructions: list[Any] = list(pikepdf.parse_content_stream(page))
    begin = next(
        place
        for place, (operands, operator) in enumerate(instructions)
        if str(operator) == "BDC" and len(operands) > 1 and operands[1].get("/MCID", -1) == number
    )
    shown = next(place for place in range(begin, len(instructions)) if str(instructions[place][1]) == "TJ")
    change(instructions, begin, shown)
    page.Contents = document.make_stream(pikepdf.unparse_content_stream(instructions))


def _turned_round(instructions: list[Any], shown: int) -> None:
    """The same glyphs in the opposite order: another text, in the certificate's own font."""
    glyphs = [bytes(piece) for piece in instructions[shown][0][0] if isinstance(piece, pikepdf.String)]
    letters = [run[at : at + 2] for run in glyphs for at in range(0, len(run), 2)]
    turned = pikepdf.String(b"".join(reversed(letters)))
    instructions[shown] = ([Array([turned])], pikepdf.Operator("TJ"))


def _drawn_over(document: pikepdf.Pdf, operators: bytes, **resources: Any) -> None:
    page = document.pages[0]
    for kind, members in resources.items():
        held = page.Resources.get(f"/{kind}") or Dictionary()
        for name, value in members.items():
            held[f"/{name}"] = value
        page.Resources[f"/{kind}"] = held
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"\nQ\n" + operators)


def _font(document: pikepdf.Pdf) -> Any:
    return document.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/Times-Roman"), Encoding=Name.WinAnsiEncoding)
    )


def _written(text: str, box: Sequence[float], size: float = 40) -> bytes:
    left, bottom, right, _ = box
    return b"BT 0 g /Forged %d Tf 1 0 0 1 %f %f Tm (%s) Tj ET\n" % (
        size, left + (right - left) / 3, bottom + 8, text.encode("cp1252"),
    )  # fmt: skip


def _box(box: Sequence[float]) -> bytes:
    left, bottom, right, top = box
    return b"1 1 1 rg %f %f %f %f re f\n" % (left, bottom, right - left, top - bottom)


def _picture(document: pikepdf.Pdf, picture: Image.Image) -> Any:
    out = BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=95)
    stream = document.make_stream(out.getvalue())
    stream.stream_dict = Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=picture.width, Height=picture.height,
        ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode,
    )  # fmt: skip
    return stream


def _placed(box: Sequence[float], name: bytes) -> bytes:
    left, bottom, right, top = box
    return b"q %f 0 0 %f %f %f cm /%s Do Q\n" % (right - left, top - bottom, left, bottom, name)


def _label(text: str, size: tuple[int, int]) -> Image.Image:
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).text((size[0] // 3, size[1] // 4), text, fill="black", font_size=size[1] // 2)
    return picture


def _doctored_page(pdf: bytes, text: str = "Eve Forger") -> Image.Image:
    """The page as a picture, with another name painted into it."""
    document = pypdfium2.PdfDocument(pdf)
    picture: Image.Image = document[0].render(scale=2).to_pil().convert("RGB")
    document.close()
    left, bottom, right, top = (round(2 * side) for side in NAME_BOX)
    label = _label(text, (right - left, top - bottom))
    picture.paste(label, (left, picture.height - top))
    return picture


# -- forgeries: what people see is no longer what was signed


def replaced_letters(pdf: bytes) -> bytes:
    """The name's own letters in another order, extracted as they are seen."""

    def change(instructions: list[Any], begin: int, shown: int) -> None:
        _turned_round(instructions, shown)
        if "/ActualText" in instructions[begin][0][1]:
            del instructions[begin][0][1]["/ActualText"]

    return _edited(pdf, lambda document: _text(document, NAME, change))


def replaced_text(number: int, text: str) -> Forge:
    """Another text in a font of the forger's, in the place of the original one."""

    def change(instructions: list[Any], begin: int, shown: int) -> None:
        placed = instructions[begin][0][1]
        if "/ActualText" in placed:
            del placed["/ActualText"]
        size = next(op for op in reversed(instructions[:shown]) if str(op[1]) == "Tf")[0][1]
        instructions[shown : shown + 1] = [
            ([Name.Forged, size], pikepdf.Operator("Tf")),
            ([pikepdf.String(text.encode("cp1252"))], pikepdf.Operator("Tj")),
        ]

    def forge(document: pikepdf.Pdf) -> None:
        _text(document, number, change)
        document.pages[0].Resources.Font["/Forged"] = _font(document)

    return lambda pdf: _edited(pdf, forge)


def white_box(pdf: bytes) -> bytes:
    """A white rectangle over the name, and another name on it."""

    def forge(document: pikepdf.Pdf) -> None:
        operators = _box(NAME_BOX) + _written("Eve Forger", NAME_BOX)
        _drawn_over(document, operators, Font={"Forged": _font(document)})

    return _edited(pdf, forge)


def patched_digit(pdf: bytes) -> bytes:
    """A small white patch over the first letter of the hours, and a 9 on it."""
    left, bottom, right, top = _first_letter(pdf, "hours")
    patch = (left - 0.3, bottom - 0.5, right + 0.2, top + 0.5)

    def forge(document: pikepdf.Pdf) -> None:
        nine = b"BT 0 g /Forged 13 Tf 1 0 0 1 %f %f Tm (9) Tj ET\n" % (left, bottom)
        _drawn_over(document, _box(patch) + nine, Font={"Forged": _font(document)})

    return _edited(pdf, forge)


def _first_letter(pdf: bytes, word: str) -> tuple[float, float, float, float]:
    """The box of the first letter on the line that ends with `word`."""
    document = pypdfium2.PdfDocument(pdf)
    text = document[0].get_textpage()
    written = text.get_text_range()
    end = written.index(f" {word}\r\n")
    begin = written.rindex("\n", 0, end) + 1
    box: tuple[float, float, float, float] = text.get_charbox(begin)
    document.close()
    return box


def overlaid_picture(pdf: bytes) -> bytes:
    """A picture of another name over the name."""

    def forge(document: pikepdf.Pdf) -> None:
        picture = _picture(document, _label("Eve Forger", (1080, 100)))
        _drawn_over(document, _placed(NAME_BOX, b"Forged"), XObject={"Forged": picture})

    return _edited(pdf, forge)


def picture_over_the_page(pdf: bytes) -> bytes:
    """A doctored picture of the whole page over the page, whose text stays below to be extracted."""

    def forge(document: pikepdf.Pdf) -> None:
        picture = _picture(document, _doctored_page(pdf))
        _drawn_over(document, _placed((0, 0, 841.89, 595.28), b"Forged"), XObject={"Forged": picture})

    return _edited(pdf, forge)


def stamp(pdf: bytes) -> bytes:
    """A note (FreeText) with another name over the name."""

    def forge(document: pikepdf.Pdf) -> None:
        left, bottom, right, top = NAME_BOX
        look = document.make_stream(
            b"1 1 1 rg 0 0 %f %f re f\n" % (right - left, top - bottom)
            + _written("Eve Forger", (0, 0, right - left, top - bottom))
        )
        look.stream_dict = Dictionary(
            Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, right - left, top - bottom],
            Resources=Dictionary(Font=Dictionary(Forged=_font(document))),
        )  # fmt: skip
        note = Dictionary(
            Type=Name.Annot, Subtype=Name.FreeText, Rect=list(NAME_BOX), Contents="Eve Forger", F=4,
            DA="/Helv 40 Tf", AP=Dictionary(N=document.make_indirect(look)),
        )  # fmt: skip
        document.pages[0].Annots.append(document.make_indirect(note))

    return _edited(pdf, forge)


def white_letters(pdf: bytes) -> bytes:
    """The name in white on white, and another one in black."""

    def change(instructions: list[Any], _begin: int, shown: int) -> None:
        instructions.insert(shown, ([1, 1, 1], pikepdf.Operator("rg")))

    def forge(document: pikepdf.Pdf) -> None:
        _text(document, NAME, change)
        _drawn_over(document, _written("Eve Forger", NAME_BOX), Font={"Forged": _font(document)})

    return _edited(pdf, forge)


def unpainted_letters(pdf: bytes) -> bytes:
    """The name in text that is neither filled nor stroked (rendering mode 3), and another one in black."""

    def change(instructions: list[Any], _begin: int, shown: int) -> None:
        instructions.insert(shown, ([3], pikepdf.Operator("Tr")))
        instructions.insert(shown + 2, ([0], pikepdf.Operator("Tr")))

    def forge(document: pikepdf.Pdf) -> None:
        _text(document, NAME, change)
        _drawn_over(document, _written("Eve Forger", NAME_BOX), Font={"Forged": _font(document)})

    return _edited(pdf, forge)


def moved_off_the_page(pdf: bytes) -> bytes:
    """The name outside of the page, and another one in its place."""

    def change(instructions: list[Any], begin: int, shown: int) -> None:
        place = next(at for at in range(begin, shown) if str(instructions[at][1]) == "Tm")
        instructions[place] = ([1, 0, 0, -1, 5000, 5000], pikepdf.Operator("Tm"))

    def forge(document: pikepdf.Pdf) -> None:
        _text(document, NAME, change)
        _drawn_over(document, _written("Eve Forger", NAME_BOX), Font={"Forged": _font(document)})

    return _edited(pdf, forge)


def layer(pdf: bytes) -> bytes:
    """The name in a layer that is switched off, and another one in black."""

    def forge(document: pikepdf.Pdf) -> None:
        group = document.make_indirect(Dictionary(Type=Name.OCG, Name="original"))
        settings = Dictionary(ON=[], OFF=[group], Order=[group])
        document.Root.OCProperties = Dictionary(OCGs=[group], D=settings)

        def change(instructions: list[Any], begin: int, shown: int) -> None:
            last = next(at for at in range(shown, len(instructions)) if str(instructions[at][1]) == "EMC")
            instructions.insert(last + 1, ([], pikepdf.Operator("EMC")))
            instructions.insert(begin, ([Name.OC, Name.Forged], pikepdf.Operator("BDC")))

        _text(document, NAME, change)
        drawn = _written("Eve Forger", NAME_BOX)
        _drawn_over(document, drawn, Font={"Forged": _font(document)}, Properties={"Forged": group})

    return _edited(pdf, forge)


def form_field(pdf: bytes) -> bytes:
    """A form field that holds another name over the name."""

    def forge(document: pikepdf.Pdf) -> None:
        font = _font(document)
        field = document.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T="name",
                V="Eve Forger",
                F=4,
                Rect=list(NAME_BOX),
                DA="/Forged 40 Tf 0 g",
                MK=Dictionary(BG=[1, 1, 1]),
            )
        )
        document.pages[0].Annots.append(field)
        resources = Dictionary(Font=Dictionary(Forged=font))
        document.Root.AcroForm = Dictionary(Fields=[field], DR=resources, NeedAppearances=True)

    return _edited(pdf, forge)


def page_as_picture(pdf: bytes) -> bytes:
    """The page replaced by a doctored picture of it; no text is left."""

    def forge(document: pikepdf.Pdf) -> None:
        page = document.pages[0]
        page.Resources = Dictionary(XObject=Dictionary(Forged=_picture(document, _doctored_page(pdf))))
        page.Contents = document.make_stream(_placed((0, 0, 841.89, 595.28), b"Forged"))

    return _edited(pdf, forge)


def lying_letters(pdf: bytes) -> bytes:
    """The name's letters in another order, declared to be the signed ones (ActualText)."""
    document = pypdfium2.PdfDocument(pdf)
    written = document[0].get_textpage().get_text_range().splitlines()
    document.close()
    name = written[written.index("This confirms that") + 1]

    def change(instructions: list[Any], begin: int, shown: int) -> None:
        _turned_round(instructions, shown)
        instructions[begin][0][1]["/ActualText"] = pikepdf.String(name)

    return _edited(pdf, lambda it: _text(it, NAME, change))


def second_page(pdf: bytes) -> bytes:
    """A page more, with claims that nobody signed."""

    def forge(document: pikepdf.Pdf) -> None:
        document.add_blank_page(page_size=(841.89, 595.28))
        page = document.pages[-1]
        page.Resources = Dictionary(Font=Dictionary(Forged=_font(document)))
        page.Contents = document.make_stream(_written("Transcript: 400 hours, grade A", NAME_BOX, 20))

    return _edited(pdf, forge)


def page_in_front(pdf: bytes) -> bytes:
    """A doctored picture of the page before the genuine one."""

    def forge(document: pikepdf.Pdf) -> None:
        document.pages.insert(0, document.pages[0])
        page = document.pages[0]
        page.Resources = Dictionary(XObject=Dictionary(Forged=_picture(document, _doctored_page(pdf))))
        page.Contents = document.make_stream(_placed((0, 0, 841.89, 595.28), b"Forged"))

    return _edited(pdf, forge)


def added_claim(pdf: bytes) -> bytes:
    """Words that nobody signed, in an empty place."""

    def forge(document: pikepdf.Pdf) -> None:
        operators = b"BT 0 g /Forged 12 Tf 1 0 0 1 330 130 Tm (Grade: with highest distinction) Tj ET\n"
        _drawn_over(document, operators, Font={"Forged": _font(document)})

    return _edited(pdf, forge)


def other_link(pdf: bytes) -> bytes:
    """The link that says where to check the certificate leads somewhere else."""

    def forge(document: pikepdf.Pdf) -> None:
        document.pages[0].Annots[0].A.URI = pikepdf.String("https://plaudit.forger.example/verify")

    return _edited(pdf, forge)


def script(pdf: bytes) -> bytes:
    """A script that runs when the file is opened."""

    def forge(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="this.getField('name').value = 'Eve'")

    return _edited(pdf, forge)


def another_file(pdf: bytes) -> bytes:
    """One more file is attached, which nobody signed."""

    def forge(document: pikepdf.Pdf) -> None:
        document.attachments["transcript.txt"] = pikepdf.AttachedFileSpec(
            document, b"400 hours", filename="transcript.txt", description="", mime_type="text/plain",
            creation_date="", mod_date="",
        )  # fmt: skip

    return _edited(pdf, forge)


def another_title(pdf: bytes) -> bytes:
    """The title that a reader shows above the page names somebody else."""

    def forge(document: pikepdf.Pdf) -> None:
        with document.open_metadata() as metadata:
            metadata["dc:title"] = "Certificate of completion: Eve Forger"

    return _edited(pdf, forge)


def page_of(pdf: bytes, deflated: bytes) -> bytes:
    """The page's instructions replaced by a stream that is compressed already."""

    def forge(document: pikepdf.Pdf) -> None:
        document.pages[0].Contents = pikepdf.Stream(document, deflated, Filter=Name.FlateDecode)

    return _edited(pdf, forge)


def incrementally(forge: Forge) -> Forge:
    """The same forgery, appended to the untouched original as an incremental update (ISO 32000-2, 7.5.6)."""

    def update(pdf: bytes) -> bytes:
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.pdf_utils.reader import PdfFileReader

        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        source = PdfFileReader(BytesIO(forge(pdf))).root["/Pages"]["/Kids"][0]
        page = writer.root["/Pages"]["/Kids"][0]
        for key in ("/Contents", "/Resources"):
            page[key] = writer.import_object(source.raw_get(key))
        writer.update_container(page)
        out = BytesIO()
        writer.write(out)  # type: ignore[no-untyped-call]
        assert out.getvalue().startswith(pdf)
        return out.getvalue()

    return update


def restored(pdf: bytes, **saving: Any) -> bytes:
    """No forgery: saved again by another program, as a mail filter or a document store does."""
    return _edited(pdf, lambda _: None, **saving)


#: By name: the forgery, and what it must be taken for.
CHANGED = "altered"
SUSPICIOUS = "cannot_check"
ALL: dict[str, tuple[Forge, str]] = {
    "name replaced by its letters in another order": (replaced_letters, CHANGED),
    "name replaced": (replaced_text(NAME, "Eve Forger"), CHANGED),
    "title replaced": (replaced_text(TITLE, "Rocket science"), CHANGED),
    "hours replaced": (replaced_text(HOURS, "310 hours"), CHANGED),
    "dates replaced": (replaced_text(PERIOD, "24 May 2021 - 11 Jun 2026"), CHANGED),
    "white box and a new name": (white_box, CHANGED),
    "digit patched": (patched_digit, CHANGED),
    "picture over the name": (overlaid_picture, CHANGED),
    "picture over the page": (picture_over_the_page, CHANGED),
    "stamped note": (stamp, CHANGED),
    "white letters": (white_letters, CHANGED),
    "letters that are not painted": (unpainted_letters, CHANGED),
    "name off the page": (moved_off_the_page, CHANGED),
    "layer": (layer, CHANGED),
    "form field": (form_field, CHANGED),
    "incremental update": (incrementally(white_box), CHANGED),
    "incremental update of the text": (incrementally(replaced_text(NAME, "Eve Forger")), CHANGED),
    "page as a picture": (page_as_picture, SUSPICIOUS),
    "letters that lie": (lying_letters, SUSPICIOUS),
    "second page": (second_page, SUSPICIOUS),
    "page in front": (page_in_front, SUSPICIOUS),
    "added claim": (added_claim, SUSPICIOUS),
    "link to somewhere else": (other_link, SUSPICIOUS),
    "script": (script, SUSPICIOUS),
    "another file": (another_file, SUSPICIOUS),
    "another title": (another_title, SUSPICIOUS),
}
