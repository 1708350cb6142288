"""Paragraphs, as the other readers of mail know them."""

from collections.abc import Iterable

_LONG = 60  # characters of a paragraph; shorter ones are lines of a letterhead, an address or a list
_ENDS = (".", "!", "?", ":", ";")


def in_paragraphs(blocks: Iterable[str]) -> str:
    """Put an empty line around each paragraph that is one, as PDFs and mails have it.

    Word processors end the lines of an address as they end paragraphs, and leave the room between to styles.
    """
    kept: list[str] = []
    before_is_long = False
    for block in blocks:
        is_long = "\t" not in block and (len(block) >= _LONG or block.endswith(_ENDS))
        if kept and (is_long or before_is_long) and block and kept[-1]:
            kept.append("")
        kept.append(block)
        before_is_long = is_long
    return "\n".join(kept)
