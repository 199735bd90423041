"""What can be wrong with an image that carries a badge, and what to say of badges of the generation before."""

from __future__ import annotations

from credentials.errors.families import BadData, Refused


class ImageDamaged(BadData):
    """Not a whole PNG or SVG image: cut off, a wrong checksum, bad XML, or text that does not unpack."""

    code = "image_damaged"
    title = "The image is damaged"
    remedy = "Download the badge again from where you got it."


class ImageTooLarge(Refused):
    """The image has more bytes, pieces or levels than a badge, or its text would unpack to more than a credential."""

    code = "image_too_large"
    title = "The image is too large for a badge"
    remedy = "Use the badge's original image, or the credential as JSON."
    status_hint = 413


class NotBaked(BadData):
    """The image is whole and carries no Open Badges 3.0 credential (Open Badges 3.0, 5.3)."""

    code = "not_baked"
    title = "There is no credential in this image"
    remedy = "Use the original badge: many programs drop the credential when they save an image."


class BakedTwice(BadData):
    """The image carries more than one credential, where the specification allows one (Open Badges 3.0, 5.3)."""

    code = "baked_twice"
    title = "There is more than one credential in this image"
    remedy = "Use the badge as the issuer gave it."


class OpenBadges2(Refused):
    """An Open Badges 2.0 assertion: only the site that issued it can confirm it. This says nothing about the badge."""

    code = "open_badges_2"
    title = "An Open Badges 2.0 assertion, which only the issuing site itself can confirm"
    remedy = "Open the badge's own address at the issuing site, or ask the issuer for it in Open Badges 3.0."
    status_hint = 422
