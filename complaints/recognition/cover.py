"""Whether a letter hides behind its cover: little is said, and a paper that came with it could not be read."""

import re

from complaints.model import InboundMail

_NOT_SAID = frozenset({"subject", "quoted", "disclaimer", "signature"})
_WHOLE = 700
"""Characters from which on a mail says for itself what it wants; a note that hands over a paper is shorter."""
_WHOLE_WITH_PAPERS = 1_400
"""The same where it points to what it encloses: covers end in addresses and in notes on privacy."""
_POINTS_TO_PAPERS = re.compile(
    r"\battach(?:ed|ment)|\benclos(?:ed|ure)|\banbei\b|\bim anhang\b|\banlagen?\b|\bbeigefügt|\banliegend"
    r"|\bci-joint|\bpi[èe]ces? jointes?|\bannexe?s?\b|\badjunt|\banex[oa]s?\b|\ballegat|\bin allegato"
    r"|\bbijlagen?\b|\bbijgevoegd|\bbijgaand|\bw załącz|\bzałącz|\bbifog|\bbilag|\bvedlagt|\bvedlegg|\bvedhæft"
    r"|\bem anexo|\bliite|\bpříloh|\bv příloze|\bpríloh|\bmelléklet|\bcsatol|\bîn anex|\bприлож|\bσυνημμ|\bprilog",
    re.IGNORECASE,
)


def papers_behind_cover(mail: InboundMail) -> tuple[str, ...]:
    """The papers, none of which could be read, that the letter itself may stand in; none where it is said.

    Args:
        mail: as parsed; each mail wrapped in it is looked at by itself.
    """
    if mail.unread and _is_cover(mail):
        return mail.unread
    return next((papers for inner in mail.wrapped if (papers := papers_behind_cover(inner))), ())


def _is_cover(mail: InboundMail) -> bool:
    said = "\n".join(passage.text for passage in mail.passages if passage.where not in _NOT_SAID)
    whole = _WHOLE_WITH_PAPERS if _POINTS_TO_PAPERS.search(said[: 2 * _WHOLE_WITH_PAPERS]) else _WHOLE
    return len(" ".join(said.split())) < whole
