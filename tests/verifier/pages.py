"""Reads a page as a person or a screen reader does: text, and which of it is marked as coming from the credential."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

#: Elements that hold signed text as it is, or words for a signed value that stands in an attribute.
MARKED = {"bdi": None, "data": "value", "time": "datetime"}
_VOID = {"meta", "link", "input", "img", "br", "circle", "path", "hr"}


@dataclass
class Page(HTMLParser):
    """A parsed page. `signed`: text in <bdi>; `values`: exact values beside words; `plain`: all other text."""

    html: str
    signed: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    status: str = ""
    heading: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self._bdi: list[str] = []
        self.feed(self.html)
        self.close()
        assert self._open == [], "every element that was opened was closed"

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        attrs = dict(attributes)
        self.links += [attrs[name] or "" for name in ("href", "src", "action") if name in attrs]
        if tag in _VOID:
            return
        self._open.append((tag, attrs))
        if tag == "bdi":
            self._bdi.append("")
        value = MARKED.get(tag)
        if value and attrs.get(value):
            self.values.append(attrs[value] or "")

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attributes if name in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        opened, _ = self._open.pop()
        assert opened == tag
        if tag == "bdi":
            self.signed.append(self._bdi.pop())

    def handle_data(self, text: str) -> None:
        tags = [tag for tag, _ in self._open]
        if "h1" in tags:
            self.heading += text
        if any(attrs.get("role") == "status" for _, attrs in self._open):
            self.status += text
        if self._bdi:
            self._bdi[-1] += text
        elif "title" not in tags and not set(tags) & set(MARKED):
            self.plain.append(text)
