"""Which reader a file needs: told by its first bytes, else by its name or declared type."""

PDF, RTF, ZIPPED, COMPOUND, TNEF, IMAGE = "pdf", "rtf", "zipped", "compound", "tnef", "image"

HEAD = 1_024
"""Bytes of a file's beginning that tell its kind."""

_MARKS = (
    (b"{\\rtf", RTF),
    (b"PK\x03\x04", ZIPPED),
    (b"PK\x05\x06", ZIPPED),  # an empty archive
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", COMPOUND),
    (b"\x78\x9f\x3e\x22", TNEF),
    (b"\x89PNG\r\n", IMAGE),
    (b"\xff\xd8\xff", IMAGE),
    (b"II*\0", IMAGE),
    (b"MM\0*", IMAGE),
)
_ENDINGS = {
    ".pdf": PDF,
    ".rtf": RTF,
    **dict.fromkeys((".docx", ".docm", ".dotx", ".odt", ".ott", ".zip"), ZIPPED),
    **dict.fromkeys((".doc", ".dot", ".msg"), COMPOUND),
    "winmail.dat": TNEF,
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".heic", ".bmp", ".webp"), IMAGE),
}
_TYPES = {
    **dict.fromkeys(("application/pdf", "application/x-pdf"), PDF),
    **dict.fromkeys(("application/rtf", "text/rtf", "text/richtext+rtf"), RTF),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ZIPPED,
    "application/vnd.oasis.opendocument.text": ZIPPED,
    **dict.fromkeys(("application/zip", "application/x-zip-compressed"), ZIPPED),
    **dict.fromkeys(("application/msword", "application/vnd.ms-outlook"), COMPOUND),
    **dict.fromkeys(("application/ms-tnef", "application/vnd.ms-tnef"), TNEF),
    **dict.fromkeys(
        ("image/png", "image/jpeg", "image/jpg", "image/tiff", "image/heic", "image/bmp", "image/webp"), IMAGE
    ),
}


def kind_of(name: str, content_type: str, head: bytes = b"") -> str:
    """The kind of a file, or empty where it is none of these.

    Args:
        name: of the file, as shown.
        content_type: as declared, lower case.
        head: its first bytes; they go before what name and type say.
    """
    return kind_by_mark(head) or kind_by_label(name, content_type)


def kind_by_mark(head: bytes) -> str:
    """The kind that a file's first bytes show."""
    if b"%PDF-" in head[:HEAD]:
        return PDF  # junk before the mark is common, and readers forgive it
    return next((kind for mark, kind in _MARKS if head.startswith(mark)), "")


def kind_by_label(name: str, content_type: str) -> str:
    """The kind that a file's name or declared type claims."""
    lower = name.lower()
    by_name = next((kind for ending, kind in _ENDINGS.items() if lower.endswith(ending)), "")
    return by_name or _TYPES.get(content_type, "")
