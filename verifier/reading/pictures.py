"""Reads the QR codes in a photo or a screenshot. Called in a disposable child; it opens no address and judges nothing.

The size that a picture claims is looked at before a pixel of it is unpacked. What a code looks like on paper is
ISO/IEC 18004; finding and correcting it is the library's work, here it is only shown the picture in a few ways.
"""

from __future__ import annotations

from io import BytesIO

import zxingcpp
from PIL import Image

from verifier.problems import CodeDamaged, DamagedFile, NoCodeInPicture, PictureTooLarge
from verifier.reading.codes import Code
from verifier.reading.png_size import check_size, too_large

#: What phones and screens make. Everything else is refused before a library looks at it.
FORMATS = ("JPEG", "PNG", "WEBP")
#: A code that fills a tenth of the longer side still has more than ten pixels to a module at this size.
ENOUGH = 3_000
#: Below this side a picture is shown a second time at twice its size: modules of two pixels get lost otherwise.
SMALL = 1_600
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
#: A picture with more codes than this is a sheet of labels.
MAX_CODES = 16


def codes_in(data: bytes) -> tuple[Code, ...]:
    """Return every QR code in a JPEG, PNG or WebP picture, each text once.

    Raises `NoCodeInPicture`, `CodeDamaged` (a code is there, its text is not), `PictureTooLarge` and `DamagedFile`.
    """
    found = codes_of(_opened(data))
    if not found:
        raise NoCodeInPicture("No QR code could be found in the picture.")
    readable = {code.text: Code(code.text) for code in found if code.valid}
    if not readable:
        raise CodeDamaged("A QR code is in the picture, but too much of it is missing or changed to be read.")
    return tuple(readable.values())[:MAX_CODES]


def codes_of(image: Image.Image) -> list[zxingcpp.Barcode]:
    """Return the library's findings in a picture: as it is, then larger if it is small, then with one threshold."""
    found = _look(image)
    if not _any_valid(found) and max(image.size) <= SMALL:
        found = _look(image.resize((image.width * 2, image.height * 2), Image.Resampling.BICUBIC)) or found
    if not _any_valid(found):
        found = _look(image, zxingcpp.Binarizer.GlobalHistogram) or found
    return found


def _any_valid(found: list[zxingcpp.Barcode]) -> bool:
    return any(code.valid for code in found)


def _look(
    image: Image.Image, binarizer: zxingcpp.Binarizer = zxingcpp.Binarizer.LocalAverage
) -> list[zxingcpp.Barcode]:
    return list(
        zxingcpp.read_barcodes(
            image,
            formats=_QR,
            text_mode=zxingcpp.TextMode.Plain,
            binarizer=binarizer,
            return_errors=True,
        )
    )


def _opened(data: bytes) -> Image.Image:
    """The picture in grey on white, no larger than is of use."""
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            check_size(*image.size)
            image.draft("L", (ENOUGH, ENOUGH))
            grey = _grey(image)
    except PictureTooLarge:
        raise
    except Image.DecompressionBombError as error:  # the library's own limit lies above ours and is met first
        raise too_large() from error
    except Exception as error:  # whatever a broken file makes the library raise is the file's fault
        raise DamagedFile("The picture is damaged, or is not the kind that it says.") from error
    grey.thumbnail((ENOUGH, ENOUGH), Image.Resampling.BOX)
    return grey


def _grey(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("L")
    layers = image.convert("LA")
    paper = Image.new("L", image.size, 255)
    paper.paste(layers.getchannel("L"), mask=layers.getchannel("A"))
    return paper
