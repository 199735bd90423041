"""The shapes of names in addresses: what does not look like an id of ours is unknown before anything is looked up."""

from __future__ import annotations

import re

from flask import Flask
from werkzeug.routing import BaseConverter


class IdConverter(BaseConverter):
    """128 random bits in lower-case base32 (services.ids)."""

    regex = "[a-z2-7]{26}"


class SlugConverter(BaseConverter):
    """The short name of an organisation (services.organisations)."""

    regex = "[a-z][a-z0-9-]{1,39}"


class SkillKeyConverter(BaseConverter):
    """The key of a skill (services.addresses.skill_key)."""

    regex = "[a-z2-7]{16}"


def install(app: Flask) -> None:
    """Make the converters known to `app`, before its routes are registered."""
    app.url_map.converters.update(id=IdConverter, slug=SlugConverter, skill=SkillKeyConverter)


def is_id(text: str) -> bool:
    """Whether `text` looks like an id of ours."""
    return re.fullmatch(IdConverter.regex, text, re.ASCII) is not None
