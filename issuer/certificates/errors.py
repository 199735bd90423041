"""What can go wrong between a credential and its PDF. Knows no WeasyPrint, so that everybody may import it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from credentials.errors import BadData, PlauditError, Refused, Unreachable


class MissingGlyph(BadData):
    """No bundled font can draw a character that the certificate must show. `characters` holds them, sorted."""

    code = "missing_glyph"
    title = "A character that the certificate cannot draw"
    remedy = "Write the text without the characters named here, or ask us to add a font that has them."

    def __init__(self, detail: str, *, characters: str = "", pointer: str | None = None) -> None:
        super().__init__(detail, pointer=pointer)
        self.characters = characters


class DoesNotFit(BadData):
    """A text stays too long for its place at the smallest size that can still be read; it is never cut."""

    code = "does_not_fit"
    title = "Too long for the certificate"
    remedy = "Shorten the text named here."


class NotACertificateSource(BadData):
    """The credential lacks a field that the certificate shows, or holds it in another form than ours."""

    code = "not_a_certificate_source"
    title = "This credential has no certificate"
    remedy = "Make certificates only from credentials that this service issued."


class OutsideResource(Refused):
    """The page asked for something that is not in the bundle. Nothing was fetched, and no PDF is given out."""

    code = "outside_resource"
    title = "The certificate asked for an outside resource"
    remedy = "Report this: a certificate is drawn from bundled files only."


class RendererNotFit(Refused):
    """WeasyPrint is too old to be safe, or was started with the system's fonts."""

    code = "renderer_not_fit"
    title = "The certificate renderer cannot be used as installed"
    remedy = "Install WeasyPrint 70 or later and render through a CertificatePool."
    status_hint = 500


class CertificateFault(Refused):
    """The drawn PDF failed one of our own checks (pages, fonts, attachment), so it is not given out."""

    code = "certificate_fault"
    title = "The certificate could not be drawn properly"
    remedy = "Report this with the record's address; the credential itself is not affected."
    status_hint = 500


class RenderingStopped(Unreachable):
    """The process that drew the certificate ran into its time, memory or CPU limit, or died. It was replaced."""

    code = "rendering_stopped"
    title = "Drawing the certificate was stopped"
    remedy = "Try again; if it stops again, shorten the texts of the record."


class RendererBusy(Unreachable):
    """Every rendering process had other work for as long as we were ready to wait."""

    code = "renderer_busy"
    title = "All certificate renderers are busy"
    remedy = "Try again in a few seconds."


_BY_CODE: dict[str, type[PlauditError]] = {
    kind.code: kind
    for kind in (MissingGlyph, DoesNotFit, NotACertificateSource, OutsideResource, RendererNotFit, CertificateFault)
}


def to_mapping(error: PlauditError) -> dict[str, Any]:
    """An error as JSON values, to be carried from the rendering process to the one that asked."""
    carried = {"code": error.code, "detail": error.detail, "pointer": error.pointer}
    return carried | ({"characters": error.characters} if isinstance(error, MissingGlyph) else {})


def from_mapping(carried: Mapping[str, Any]) -> PlauditError:
    """The error that `to_mapping` was given; an unknown code becomes a CertificateFault that quotes it."""
    if carried["code"] == MissingGlyph.code:
        return MissingGlyph(carried["detail"], characters=carried["characters"], pointer=carried["pointer"])
    kind = _BY_CODE.get(carried["code"], CertificateFault)
    return kind(carried["detail"], pointer=carried["pointer"])
