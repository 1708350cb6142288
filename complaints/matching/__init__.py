"""Which customer a letter is about: Matched, Ambiguous or Unmatched, with the evidence that hit and missed."""

from complaints.matching.decide import match
from complaints.matching.index import CustomerIndex

__all__ = ["CustomerIndex", "match"]
