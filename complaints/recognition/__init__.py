"""What kind of mail it is, which body wrote it, how sure that is, its case number, and by when to answer."""

from complaints.recognition.cover import papers_behind_cover
from complaints.recognition.decision import decide, is_perhaps_forbidden
from complaints.recognition.house import House
from complaints.recognition.recognise import recognise, with_precedent, with_silence
from complaints.recognition.registry import Registry

__all__ = [
    "House",
    "Registry",
    "decide",
    "is_perhaps_forbidden",
    "papers_behind_cover",
    "recognise",
    "with_precedent",
    "with_silence",
]
