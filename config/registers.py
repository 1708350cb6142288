"""Read the registers of supervisory authorities and public-interest bodies, and check them.

The delivered files lie beside this module; a local file of the same shape adds entries, or changes
fields of a delivered entry with the same id.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from complaints.errors import BadRegister
from complaints.model import Body, ReferencePattern

AUTHORITY = "supervisory-authority"
PUBLIC_INTEREST = "public-interest-body"
# Listed so that nobody adds it again by mistake: it acts for profit and is no body in the sense of the contracts.
DECOY = "decoy-for-profit"

_STRENGTHS = ("strong", "medium", "weak")
_FIELDS = frozenset(
    {
        "id",
        "name",
        "name_en",
        "kind",
        "type",
        "country",
        "subdivision",
        "group",
        "languages",
        "website",
        "other_websites",
        "aliases",
        "email_domains",
        "emails",
        "case_references",
        "delivery_channel",
        "legal_basis",
        "evidence",
        "notes",
    }
)
_HOST = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}\Z")
_ADDRESS = re.compile(r"[^\s@<>\"]{1,64}@([^\s@<>]{1,253})\Z")
# The pure Python loader takes more than a second for the delivered files; the C one some hundredths.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_Steps = tuple[str | int, ...]
Entry = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class _File:
    """One register file: its name as an operator knows it, its text, and the key its list stands under."""

    name: str
    text: str
    key: str


class _Fault(Exception):
    """What is wrong and at which place of the document."""

    def __init__(self, path: _Steps, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message


def load_bodies(authorities: Path | None = None, bodies: Path | None = None) -> tuple[Body, ...]:
    """Return the delivered registers with the local files merged in, authorities first.

    Args:
        authorities: a YAML file whose ``authorities`` add to or change config/authorities.yaml.
        bodies: a YAML file whose ``bodies`` add to or change config/public_interest_bodies.yaml.

    Raises:
        BadRegister: with file, line and field, when any of the files is broken.
    """
    return (
        *_load("authorities.yaml", "authorities", AUTHORITY, authorities),
        *_load("public_interest_bodies.yaml", "bodies", PUBLIC_INTEREST, bodies),
    )


def check_bodies(bodies: Sequence[Body]) -> tuple[str, ...]:
    """Return warnings about what is allowed and yet makes recognition weaker: one line each."""
    return (
        *_without_domain(bodies),
        *_only_shared(bodies),
        *_colliding_domains(bodies),
        *_colliding_names(bodies),
    )


def _without_domain(bodies: Iterable[Body]) -> Iterator[str]:
    return (
        f"{body.id}: has no mail domain, so its mail is never verified" for body in bodies if not body.domain
    )


def _only_shared(bodies: Iterable[Body]) -> Iterator[str]:
    for body in bodies:
        for domain in body.shared_domains:
            yield f"{body.id}: {domain} is shared, so a second sign is needed (name, reference or listed address)"


def _colliding_domains(bodies: Iterable[Body]) -> Iterator[str]:
    return _collisions(bodies, "domain", lambda body: (*body.domains, *body.shared_domains))


def _colliding_names(bodies: Iterable[Body]) -> Iterator[str]:
    return _collisions(bodies, "name", lambda body: (body.name, *body.aliases))


def _collisions(
    bodies: Iterable[Body], what: str, values: Callable[[Body], tuple[str, ...]]
) -> Iterator[str]:
    owners: dict[str, list[str]] = defaultdict(list)
    for body in bodies:
        for value in {value.casefold() for value in values(body)}:
            owners[value].append(body.id)
    for value, ids in owners.items():
        if len(ids) > 1:
            yield f"{', '.join(ids)}: share the {what} {value!r}"


# --- files ----------------------------------------------------------------------------------------


def _load(delivered: str, key: str, default_kind: str, local: Path | None) -> tuple[Body, ...]:
    entries = _delivered(delivered, key, default_kind)
    if local is not None:
        entries = _entries(_File(name=str(local), text=_text_of(local), key=key), entries, default_kind)
    return tuple(body for entry, body in entries.values() if entry["kind"] != DECOY)


@cache
def _delivered(name: str, key: str, kind: str) -> Mapping[str, tuple[Entry, Body]]:
    """What comes with the product does not change while it runs."""
    text = resources.files("config").joinpath(name).read_text(encoding="utf-8")
    return _entries(_File(name=f"config/{name}", text=text, key=key), {}, kind)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadRegister(f"{path}: cannot be read ({error})") from None


def _entries(
    file: _File, known: Mapping[str, tuple[Entry, Body]], kind: str
) -> dict[str, tuple[Entry, Body]]:
    """The known entries with those of ``file`` added or merged in, each beside the value made of it."""
    try:
        return _merged(file, known, kind)
    except _Fault as fault:
        raise BadRegister(f"{file.name}, {_place(file, fault.path)}: {fault.message}") from None


def _merged(file: _File, known: Mapping[str, tuple[Entry, Body]], kind: str) -> dict[str, tuple[Entry, Body]]:
    merged = dict(known)
    seen: set[str] = set()
    for index, entry in enumerate(_listed(file)):
        path: _Steps = (file.key, index)
        ident = _identity(entry, path, seen)
        whole = {"kind": kind, **merged.get(ident, ({}, None))[0], **entry}
        merged[ident] = (whole, _body(whole, path))
    return merged


def _listed(file: _File) -> list[Any]:
    document = _parsed(file)
    if not isinstance(document, dict) or not isinstance(document.get(file.key), list):
        raise _Fault((), f"must hold a list under the key {file.key!r}")
    return list(document[file.key])


def _parsed(file: _File) -> Any:
    try:
        return yaml.load(file.text, Loader=_LOADER)  # noqa: S506 - a safe loader either way
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadRegister(f"{file.name}, line {line}: is no YAML ({error.problem})") from None
    except yaml.YAMLError as error:
        raise BadRegister(f"{file.name}: is no YAML ({error})") from None


def _identity(entry: object, path: _Steps, seen: set[str]) -> str:
    if not isinstance(entry, dict):
        raise _Fault(path, "must be a mapping with at least id and name")
    ident = entry.get("id")
    if not isinstance(ident, str) or not ident.strip():
        raise _Fault((*path, "id"), "every entry needs an id, a word of its own")
    if ident in seen:
        raise _Fault((*path, "id"), f"the id {ident!r} is used twice")
    seen.add(ident)
    return ident


# --- entries --------------------------------------------------------------------------------------


def _body(entry: Entry, path: _Steps) -> Body:
    for name in entry:
        if name not in _FIELDS:
            raise _Fault(
                (*path, str(name)), f"there is no such field; known are {', '.join(sorted(_FIELDS))}"
            )
    domains = tuple(_domains(entry, path))
    return Body(
        id=entry["id"],
        name=_word(entry, "name", path, required=True),
        name_en=_word(entry, "name_en", path),
        kind=_kind(entry, path),
        country=_country(entry, path),
        languages=_words(entry, "languages", path),
        aliases=_words(entry, "aliases", path),
        domains=tuple(domain for domain, shared in domains if not shared),
        shared_domains=tuple(domain for domain, shared in domains if shared),
        emails=tuple(_emails(entry, path)),
        references=tuple(_references(entry, path)),
        main_domain=domains[0][0] if domains else "",
    )


def _word(entry: Entry, name: str, path: _Steps, *, required: bool = False) -> str:
    value = entry.get(name, "")
    if not isinstance(value, str) or (required and not value.strip()):
        raise _Fault((*path, name), f"must be text, not {value!r}")
    return value.strip()


def _words(entry: Entry, name: str, path: _Steps) -> tuple[str, ...]:
    for index, value in enumerate(_list(entry, name, path)):
        if not isinstance(value, str) or not value.strip():
            # Unquoted `no` is Norwegian to us and false to YAML 1.1.
            raise _Fault((*path, name, index), f"must be text, not {value!r}; put it in quotes")
    return tuple(value.strip() for value in entry.get(name) or ())


def _list(entry: Entry, name: str, path: _Steps) -> list[Any]:
    value = entry.get(name) or []
    if not isinstance(value, list):
        raise _Fault((*path, name), f"must be a list, not {value!r}")
    return value


def _kind(entry: Entry, path: _Steps) -> str:
    kind = entry["kind"]
    if kind not in (AUTHORITY, PUBLIC_INTEREST, DECOY):
        raise _Fault((*path, "kind"), f"must be {AUTHORITY}, {PUBLIC_INTEREST} or {DECOY}, not {kind!r}")
    return str(kind)


def _country(entry: Entry, path: _Steps) -> str:
    country = _word(entry, "country", path)
    if country and not re.fullmatch(r"[A-Z]{2}", country):
        raise _Fault((*path, "country"), f"must be two capital letters (ISO 3166), not {country!r}")
    return country


def _mappings(entry: Entry, name: str, path: _Steps, key: str) -> Iterator[tuple[_Steps, dict[str, Any]]]:
    for index, value in enumerate(_list(entry, name, path)):
        where: _Steps = (*path, name, index)
        if not isinstance(value, dict) or not isinstance(value.get(key), str):
            raise _Fault(where, f"must be a mapping with {key}, a text")
        yield where, value


def _domains(entry: Entry, path: _Steps) -> Iterator[tuple[str, bool]]:
    for where, item in _mappings(entry, "email_domains", path, "domain"):
        domain = item["domain"]
        if not _HOST.match(domain):
            raise _Fault((*where, "domain"), f"{domain!r} is no domain (lower case, at least one dot, no @)")
        for flag in ("shared", "retired"):
            if not isinstance(item.get(flag, False), bool):
                raise _Fault((*where, flag), "must be true or false")
        if not item.get("retired", False):
            yield domain, bool(item.get("shared", False))


def _emails(entry: Entry, path: _Steps) -> Iterator[str]:
    for where, item in _mappings(entry, "emails", path, "address"):
        address = item["address"].lower()
        found = _ADDRESS.match(address)
        if found is None or not _HOST.match(found[1]):
            raise _Fault((*where, "address"), f"{item['address']!r} is no mail address")
        yield address


def _references(entry: Entry, path: _Steps) -> Iterator[ReferencePattern]:
    for where, item in _mappings(entry, "case_references", path, "pattern"):
        if item.get("strength") not in _STRENGTHS:
            raise _Fault(
                (*where, "strength"), f"must be strong, medium or weak, not {item.get('strength')!r}"
            )
        examples = _words(item, "examples", where)
        _check_pattern(item["pattern"], examples, where)
        denotes = _word(item, "denotes", where)
        yield ReferencePattern(
            pattern=item["pattern"], strength=item["strength"], denotes=denotes, examples=examples
        )


def _check_pattern(pattern: str, examples: Sequence[str], where: _Steps) -> None:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise _Fault((*where, "pattern"), f"{pattern!r} does not compile ({error})") from None
    if compiled.search(""):
        raise _Fault(
            (*where, "pattern"), f"{pattern!r} matches nothing at all, so it would be found everywhere"
        )
    for index, example in enumerate(examples):
        if not compiled.search(example):
            raise _Fault(
                (*where, "examples", index), f"{example!r} does not match its own pattern {pattern!r}"
            )


# --- places ---------------------------------------------------------------------------------------


def _place(file: _File, path: _Steps) -> str:
    """Line and field of a fault; the nodes with their marks are built only now, when something is wrong."""
    node = yaml.compose(file.text, Loader=_LOADER)
    for step in path:
        inner = _inner(node, step)
        if inner is None:
            break
        node = inner
    line = node.start_mark.line + 1 if node is not None else 1
    return f"line {line}, field {_field(path)}" if path else f"line {line}"


def _inner(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]  # type: ignore[no-any-return]
    return None


def _field(path: _Steps) -> str:
    words = (f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(words).lstrip(".")
