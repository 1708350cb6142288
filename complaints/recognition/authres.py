"""One Authentication-Results field, taken apart as RFC 8601 2.2 writes it: quoted strings and comments are no results.

Servers copy words of the sender into this field (a mailbox, a reason), so a ``;`` within quotes begins
no result. What is not well formed to its end says nothing at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

BOUND = 8_000
"""Characters of one field that are read; a real one has a few hundred, and a longer one says nothing."""
_KEPT_MOST = 100  # results of one field
_BLANKS = " \t\r\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One method's verdict."""

    method: str  # spf, dkim, dmarc ...
    verdict: str  # pass, fail, none ...
    properties: tuple[tuple[str, str], ...] = ()

    def domain(self, name: str) -> str:
        """The domain in the property ``name``; empty where there is none, or two that differ."""
        values = {
            value.strip("<>").rpartition("@")[2].rstrip(".") for key, value in self.properties if key == name
        }
        return values.pop() if len(values) == 1 else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """What one server says it found out."""

    host: str  # the authserv-id, lower case; empty where the field names none
    results: tuple[Result, ...] = ()
    sound: bool = True  # well formed to its end; if not, it says nothing


def parse_field(value: str) -> Field:
    """Take one field's unfolded, undecoded value apart; never fails."""
    if len(value) > BOUND or not value.isascii():
        # Cut off or foreign to the grammar: the host is told so that the field can be named, nothing more.
        return Field(host=_host(value[:BOUND]), sound=False)
    try:
        head, *rest = _Scanner(value.lower()).segments()
    except ValueError:
        return Field(host=_host(value), sound=False)
    results = [result for pairs in rest[:_KEPT_MOST] if (result := _result(pairs)) is not None]
    return Field(host=next((key for key, _ in head), ""), results=tuple(results))


def _host(value: str) -> str:
    return value.lower().strip().partition(";")[0].partition("(")[0].strip('" \t').partition(" ")[0]


Pair = tuple[str, str | None]
"""A word, and what stands behind its equals sign where it has one."""


def _result(pairs: list[Pair]) -> Result | None:
    """``method=verdict`` and its properties; ``none`` alone (RFC 8601 2.2) is no result."""
    if not pairs or not pairs[0][1]:
        return None
    method, verdict = pairs[0][0].partition("/")[0], pairs[0][1]
    properties = tuple((key, value) for key, value in pairs[1:] if value)
    return Result(method=method, verdict=verdict, properties=properties)


@dataclass(slots=True)
class _Scanner:
    """Walks a value once, from left to right."""

    text: str
    place: int = 0
    pairs: list[Pair] = field(default_factory=list)

    def segments(self) -> list[list[Pair]]:
        """The parts between semicolons, each as its pairs.

        Raises:
            ValueError: a quoted string or a comment does not end.
        """
        found: list[list[Pair]] = [[]]
        for kind, word in self._tokens():
            if kind == ";":
                found.append([])
            elif kind == "=":
                key = found[-1].pop()[0] if found[-1] else ""
                found[-1].append((key, ""))
            elif found[-1] and found[-1][-1][1] == "":
                found[-1][-1] = (found[-1][-1][0], word)
            else:
                found[-1].append((word, None))
        return found

    def _tokens(self) -> Iterator[tuple[str, str]]:
        behind_equals = False
        while self.place < len(self.text):
            char = self.text[self.place]
            if char in _BLANKS:
                self.place += 1
            elif char == "(":
                self._skip_comment()
            elif char == ";" or (char == "=" and not behind_equals):
                self.place += 1
                behind_equals = char == "="
                yield char, ""
            else:
                # A value may hold more of them unquoted: header.b=AbC= is what large servers write.
                yield "word", self._word(stop=";(" if behind_equals else ";=(")
                behind_equals = False

    def _word(self, stop: str) -> str:
        letters: list[str] = []
        while self.place < len(self.text) and self.text[self.place] not in stop + _BLANKS:
            if self.text[self.place] == '"':
                letters.append(self._quoted())
            else:
                letters.append(self.text[self.place])
                self.place += 1
        return "".join(letters)

    def _quoted(self) -> str:
        start = self.place + 1
        self._skip_to('"')
        return self.text[start : self.place - 1].replace("\\", "")

    def _skip_comment(self) -> None:
        # Comments nest (RFC 5322 3.2.2); counting needs no stack, so depth costs nothing.
        depth = 0
        while True:
            char = self._at()
            depth += (char == "(") - (char == ")")
            self.place += 2 if char == "\\" else 1
            if not depth:
                return

    def _skip_to(self, mark: str) -> None:
        self.place += 1
        while self._at() != mark:
            self.place += 2 if self._at() == "\\" else 1
        self.place += 1

    def _at(self) -> str:
        if self.place >= len(self.text):
            raise ValueError("it does not end")
        return self.text[self.place]
