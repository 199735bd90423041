"""What can look different in another program is named; our own links and signatures that show nothing are not."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from verifier.document.additions import additions

LINK = "https://plaudit.example/c/a"
Change = Callable[[pikepdf.Pdf], None]


def _link(address: str) -> Dictionary:
    return Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.URI, URI=String(address))
    )


def _pdf(change: Change = lambda _: None) -> bytes:
    """A page with one link of ours; `change` adds to it."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    document.pages[0].Annots = document.make_indirect(Array([_link(LINK)]))
    change(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _annotated(note: Dictionary) -> Change:
    return lambda pdf: pdf.pages[0].Annots.append(pdf.make_indirect(note))


def _rooted(name: str, value: object) -> Change:
    return lambda pdf: pdf.Root.__setitem__(f"/{name}", value)


def _hidden_signature(pdf: pikepdf.Pdf) -> None:
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T="s", Rect=[0, 0, 0, 0])
    field = pdf.make_indirect(field)
    pdf.pages[0].Annots.append(field)
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)


def _page_action(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS="1"))


def _page(pdf: pikepdf.Pdf) -> None:
    pdf.add_blank_page(page_size=(200, 200))


WIDGET = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, Rect=[10, 10, 90, 40])
ADDED: dict[str, tuple[Change, tuple[str, ...]]] = {
    "nothing": (lambda _: None, ()),
    "a signature that shows nothing": (_hidden_signature, ()),
    "a signature that shows something": (_annotated(WIDGET), ("note",)),
    "a widget with a broken place": (_annotated(Dictionary(Subtype=Name.Widget, FT=Name.Sig, Rect=[1])), ("note",)),
    "our link twice": (_annotated(_link(LINK)), ()),
    "another link": (_annotated(_link("https://forger.example/")), ("link",)),
    "a link within the file": (_annotated(Dictionary(Subtype=Name.Link, Dest=Name.x)), ("link",)),
    "a note": (_annotated(Dictionary(Subtype=Name.Text, Contents="x")), ("note",)),
    "a page": (_page, ("page",)),
    "a layer": (_rooted("OCProperties", Dictionary()), ("layer",)),
    "an action at the beginning": (_rooted("OpenAction", Dictionary(S=Name.JavaScript, JS="1")), ("script",)),
    "an action of the file": (_rooted("AA", Dictionary()), ("script",)),
    "a named script": (_rooted("Names", Dictionary(JavaScript=Dictionary())), ("script",)),
    "an action of the page": (_page_action, ("script",)),
    "a form": (_rooted("AcroForm", Dictionary(Fields=[Dictionary(FT=Name.Tx, T="x")])), ("form",)),
    "an XFA form": (_rooted("AcroForm", Dictionary(Fields=[], XFA="x")), ("form",)),
    "a form without end": (_rooted("AcroForm", Dictionary(Fields=[Dictionary(FT=Name.Sig)] * 201)), ("form",)),
    "a form that is none": (_rooted("AcroForm", Array([])), ()),
    "notes that are none": (lambda pdf: pdf.pages[0].Annots.append(1), ()),
    "a title": (lambda pdf: pdf.docinfo.__setitem__("/Title", "Eve") and None, ("title",)),
}


@pytest.mark.parametrize("name", ADDED)
def test_what_was_added_is_named(name: str) -> None:
    change, found = ADDED[name]
    assert additions(_pdf(change), _pdf()) == found


def test_what_our_own_drawing_has_is_no_addition() -> None:
    both = _pdf(lambda pdf: pdf.docinfo.__setitem__("/Title", "Certificate"))
    assert additions(both, both) == ()
    assert additions(_pdf(), both) == ()  # a program that drops the title adds nothing
