"""A contract's terms as a YAML mapping, written down as the one line that people write.

This::

    sla:
      within: 2 business days by 17:00
      at_the_latest: 72h
      urgent: 4h
      kinds:
        follow-up, collect: 5 business days
      received:
        - {after: "16:00", counts_as: next business day at 09:00}
        - {on: closed day, counts_as: next opening}
      counted_from: next business day
      until: acknowledged
      unless_forbidden: yes

comes to ``2 business days by 17:00 and in any event within 72h; received after 16:00 counts as next business
day at 09:00; received on a closed day counts as next opening; counted from the next business day; until
acknowledged; urgent: 4h; follow-up, collect: 5 business days; unless forbidden``.
"""

import difflib
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from complaints.deadlines import parse_agreement
from complaints.errors import BadTerms

_FIELDS = (
    "within",
    "at_the_latest",
    "received",
    "counted_from",
    "until",
    "urgent",
    "kinds",
    "unless_forbidden",
)
_RECEIVED = {
    "after": "received after {}",
    "before": "received before {}",
    "not_before": "not received before {}",
    "on": "received on a {}",
    "outside": "received outside {}",
}
_YES, _NO = frozenset({"yes", "true", "on"}), frozenset({"no", "false", "off"})


class SlaFault(Exception):
    """What is wrong with one field of the mapping: its line, its name, and what would be right."""

    def __init__(self, node: yaml.Node, field: str, message: str) -> None:
        super().__init__(message)
        self.line = node.start_mark.line + 1
        self.field = field


def sla_line(node: yaml.MappingNode) -> str:
    """The mapping as one line.

    Raises:
        SlaFault: the field at fault, with its line.
    """
    given: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = str(key.value)
        if name not in _FIELDS:
            close = difflib.get_close_matches(name, _FIELDS, n=1, cutoff=0.5)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(_FIELDS)}"
            raise SlaFault(key, f"sla.{name}", f"unknown field; {hint}")
        if name in given:
            raise SlaFault(key, f"sla.{name}", "this field stands twice")
        given[name] = value
    if "within" not in given:
        raise SlaFault(node, "sla.within", "this field is missing; it is the contract's time, e.g. 24h")
    time = _checked(given["within"], "within", "{}")
    if "at_the_latest" in given:
        cap = _checked(given["at_the_latest"], "at_the_latest", "{}")
        time = f"{time} and in any event within {cap}"
    clauses = [clause for name in _FIELDS[2:] if name in given for clause in _CLAUSES[name](given[name])]
    line = "; ".join([time, *clauses])
    try:
        parse_agreement(line)
    except BadTerms as error:
        raise SlaFault(node, "sla", str(error)) from None
    return line


def _checked(node: yaml.Node, name: str, form: str, *, first: str = "") -> str:
    """The clause that this field stands for, read once so that a mistake has its own line."""
    clause = form.format(_text(node, name))
    if ";" in clause:
        raise SlaFault(node, f"sla.{name}", "holds a semicolon; each clause has a field of its own")
    try:
        parse_agreement(f"{first}; {clause}" if first else clause)
    except BadTerms as error:
        raise SlaFault(node, f"sla.{name}", str(error)) from None
    return clause


def _clause(node: yaml.Node, name: str, form: str) -> str:
    return _checked(node, name, form, first="24h")


def _text(node: yaml.Node, name: str) -> str:
    if not isinstance(node, yaml.ScalarNode) or not str(node.value).strip():
        raise SlaFault(node, f"sla.{name}", "plain text is expected")
    return " ".join(str(node.value).split())


def _pairs(node: yaml.Node, name: str) -> list[tuple[Any, Any]]:
    if not isinstance(node, yaml.MappingNode):
        raise SlaFault(node, f"sla.{name}", "'name: value' lines are expected")
    return list(node.value)


def _received(node: yaml.Node) -> Iterator[str]:
    rules = node.value if isinstance(node, yaml.SequenceNode) else [node]
    for rule in rules:
        pairs = {str(key.value): (key, value) for key, value in _pairs(rule, "received")}
        when = [name for name in pairs if name in _RECEIVED]
        if len(when) != 1 or set(pairs) != {*when, "counts_as"}:
            raise SlaFault(
                rule,
                "sla.received",
                f"a rule has two fields, counts_as and one of {', '.join(_RECEIVED)}",
            )
        moment = _RECEIVED[when[0]].format(_text(pairs[when[0]][1], f"received.{when[0]}"))
        yield _clause(pairs["counts_as"][1], "received", f"{moment} counts as {{}}")


def _kinds(node: yaml.Node) -> Iterator[str]:
    for key, value in _pairs(node, "kinds"):
        name = ", ".join(word.strip() for word in str(key.value).split(","))
        yield _clause(value, f"kinds.{name}", f"{name}: {{}}")


def _forbidden(node: yaml.Node) -> Iterator[str]:
    word = _text(node, "unless_forbidden").lower()
    if word in _YES:
        yield "unless forbidden"
    elif word not in _NO:
        raise SlaFault(node, "sla.unless_forbidden", f"{word!r} is neither yes nor no")


def _counted_from(node: yaml.Node) -> Iterator[str]:
    day = _text(node, "counted_from").removeprefix("the ")
    yield _clause(
        node, "counted_from", "counted from receipt" if day == "receipt" else f"counted from the {day}"
    )


_CLAUSES: dict[str, Callable[[yaml.Node], Iterator[str]]] = {
    "received": _received,
    "counted_from": _counted_from,
    "until": lambda node: iter([_clause(node, "until", "until {}")]),
    "urgent": lambda node: iter([_clause(node, "urgent", "urgent: {}")]),
    "kinds": _kinds,
    "unless_forbidden": _forbidden,
}
