"""QR codes, drawn into the page: the only importer of segno."""

import segno
from markupsafe import Markup


def qr_of(address: str) -> Markup:
    """The QR code of an address as an SVG element without style, script or words; a quarter may be soiled."""
    code = segno.make(address, error="q", micro=False)
    drawn = code.svg_inline(omitsize=True, border=4, svgclass="qr", lineclass=None, dark="#000", light="#fff")
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))  # noqa: S704 - drawn by segno; the address is in the dots
