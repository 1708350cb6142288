"""Read the customers register, CSV or YAML: whole and correct, or not at all.

Every mistake is one line that names the file, the line and the field, so that the person who keeps the
register can mend it without asking anybody.
"""

import csv
import difflib
import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from email_validator import EmailNotValidError, validate_email

from complaints.confidential import Encryption
from complaints.customer_place import LANGUAGES
from complaints.deadlines import LONGEST_LINE, day_before, parse_agreement
from complaints.errors import BadRegister, BadTerms
from complaints.matching.names import Tier, is_ordinary, names_of
from complaints.matching.webnames import host_and_path, registrable
from complaints.matching.words import FREEMAIL
from complaints.model import Customer
from config.sla import SlaFault, sla_line

_COLUMN_OF = {"deputies": "deputy_email"}
"""Columns that are not called like the field they fill."""
_FIELD_OF = {column: name for name, column in _COLUMN_OF.items()}
FIELDS = tuple(_COLUMN_OF.get(field.name, field.name) for field in fields(Customer))
REQUIRED = ("id", "name", "supplier_manager_email")
LISTS = frozenset({"aliases", "domains", "identifiers", "deputy_email"})
LARGEST_FILE = 200_000_000  # bytes; a hundred thousand customers take some twenty million

_SEPARATORS = (",", ";", "\t")
_HOST = re.compile(r"(?=.{3,253}\Z)(?:[\w](?:[\w-]{0,61}[\w])?\.)+[^\W\d_][\w-]{1,62}\Z")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9-]{1,30}:\s?\S.{0,60}\Z", re.IGNORECASE)
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# ISO 3166-1 alpha-2 with XK, which the European institutions use for Kosovo.
_COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD
    CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF
    GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN
    KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI
    SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI
    VN VU WF WS XK YE YT ZA ZM ZW
    """.split()  # noqa: SIM905 - a table of codes
)
_COUNTRY_HABITS = {"UK": "GB", "EL": "GR"}


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterDiff:
    """What changes when one register takes another's place, row by row: a customer has one for each time."""

    added: tuple[Customer, ...] = ()
    changed: tuple[tuple[Customer, Customer], ...] = ()  # before, after
    retired: tuple[Customer, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.retired)

    def __str__(self) -> str:
        """One line a customer, for people."""
        lines = [f"+ {_titled(one)}" for one in self.added]
        lines += [f"~ {_titled(new)}: {_changes(old, new)}" for old, new in self.changed]
        lines += [f"- {_titled(one)}" for one in self.retired]
        return "\n".join(lines) or "no change"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    """One customer as written: the values by field, and where they stand."""

    line: int
    values: Mapping[str, Any]
    lines: Mapping[str, int]

    def line_of(self, field: str) -> int:
        return self.lines.get(field, self.line)


class _Fault(Exception):
    """What is wrong with one field."""


def read_customers(path: Path, *, calendars: Collection[str] | None = None) -> tuple[Customer, ...]:
    """Read a register file; ``.yaml`` and ``.yml`` are YAML, everything else is CSV.

    Args:
        path: the file.
        calendars: names that the column ``calendar`` may hold; None: it is not checked.

    Raises:
        BadRegister: one line with file, line and field. Nothing is returned then, not even the good rows.
    """
    text = _text(path)
    rows = _yaml_rows(path, text) if path.suffix.lower() in {".yaml", ".yml"} else _csv_rows(path, text)
    customers: list[Customer] = []
    seen: dict[str, list[tuple[Customer, int]]] = {}
    for row in rows:
        customer = _customer(path, row)
        if customer.calendar and calendars is not None and customer.calendar not in calendars:
            raise _bad(path, row.line_of("calendar"), "calendar", _no_calendar(customer.calendar, calendars))
        earlier = seen.setdefault(customer.id.casefold(), [])
        for other, line in earlier:
            if _overlap(customer, other):
                raise _bad(
                    path,
                    row.line_of("id"),
                    "id",
                    f"{customer.id} stands already in line {line}; a further row needs days of its own"
                    " (valid_from, valid_until)",
                )
        earlier.append((customer, row.line_of("id")))
        customers.append(customer)
    if not customers:
        raise BadRegister(f"{path.name} holds no customers; an empty register would retire all of them")
    return tuple(customers)


def _no_calendar(name: str, calendars: Collection[str]) -> str:
    known = (
        f"there are {', '.join(sorted(calendars))}"
        if calendars
        else "set calendars_file to a file that has it"
    )
    return f"no calendar is called {name}; {known}"


def _overlap(one: Customer, other: Customer) -> bool:
    """Whether there is a day on which both rows would be in force."""
    first, second = sorted((one, other), key=lambda row: row.valid_from or date.min)
    return (first.valid_until or date.max) >= (second.valid_from or date.min)


def _bad(path: Path, line: int, field: str, message: str) -> BadRegister:
    flat = " ".join(message.split())
    return BadRegister(
        f"{path.name}, line {line}, field {field}: {flat}" if field else f"{path.name}, line {line}: {flat}"
    )


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise BadRegister(
                f"{path.name} is larger than {LARGEST_FILE // 1_000_000} MB, too large for a register"
            )
        raw = path.read_bytes()
    except OSError as error:
        raise BadRegister(f"{path} cannot be read: {(error.strerror or 'unknown reason').lower()}") from None
    encoding = "utf-16" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _bad(path, line, "", "not UTF-8; in Excel save as 'CSV UTF-8'") from None


# --- CSV ------------------------------------------------------------------------------------


def _csv_rows(path: Path, text: str) -> Iterator[_Row]:
    skipped, text = _without_separator_line(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    header: list[str] | None = None
    start = skipped + 1
    try:
        for cells in reader:
            line, start = start, reader.line_num + skipped + 1
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = [cell.strip().lower().replace(" ", "_") for cell in cells]
                _check_columns(path, line, header)
                continue
            yield _csv_row(path, line, header, cells)
    except csv.Error as error:
        raise _bad(
            path, start, "", f"broken CSV: {error}; look for a quotation mark that is not closed"
        ) from None
    if header is None:
        raise BadRegister(f"{path.name} is empty; its first line must name the columns: {', '.join(FIELDS)}")


def _without_separator_line(text: str) -> tuple[int, str]:
    """Drop the line ``sep=;`` by which Excel tells itself the separator."""
    first, newline, rest = text.partition("\n")
    return (1, rest) if newline and re.fullmatch(r"sep=.\r?", first, re.IGNORECASE) else (0, text)


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=first.count)


def _check_columns(path: Path, line: int, header: list[str]) -> None:
    for name, times in Counter(header).items():
        if name not in FIELDS:
            raise _bad(path, line, name or "(no name)", _unknown(name))
        if times > 1:
            raise _bad(path, line, name, "this column stands twice")
    for name in REQUIRED:
        if name not in header:
            raise _bad(path, line, name, "this column is missing")


def _unknown(name: str) -> str:
    close = difflib.get_close_matches(name, FIELDS, n=1, cutoff=0.5)
    return (
        f"unknown column; did you mean {close[0]}?"
        if close
        else f"unknown column; there are {', '.join(FIELDS)}"
    )


def _csv_row(path: Path, line: int, header: list[str], cells: list[str]) -> _Row:
    if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
        raise _bad(path, line, "", f"{len(cells)} cells where the first line names {len(header)} columns")
    if len(cells) < len(header):
        raise _bad(path, line, header[len(cells)], "the line ends before this column")
    values = {
        name: [part for part in cell.split(";") if part.strip()] if name in LISTS else cell
        for name, cell in zip(header, cells, strict=False)
    }
    return _Row(line=line, values=values, lines={})


# --- YAML -----------------------------------------------------------------------------------


def _yaml_rows(path: Path, text: str) -> Iterator[_Row]:
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _bad(
            path, mark.line + 1 if mark else 1, "", f"broken YAML: {getattr(error, 'problem', error)}"
        ) from None
    if isinstance(root, yaml.MappingNode) and len(root.value) == 1 and root.value[0][0].value == "customers":
        root = root.value[0][1]
    if not isinstance(root, yaml.SequenceNode):
        raise _bad(path, 1, "customers", "a list of customers is expected")
    for node in root.value:
        yield _yaml_row(path, node)


def _yaml_row(path: Path, node: yaml.Node) -> _Row:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        raise _bad(path, line, "", "a customer is expected, as 'field: value' lines")
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key, value in node.value:
        name, at = str(key.value), key.start_mark.line + 1
        if name not in FIELDS:
            raise _bad(path, at, name, _unknown(name).replace("column", "field"))
        if name in values:
            raise _bad(path, at, name, "this field stands twice")
        values[name], lines[name] = _yaml_value(path, at, name, value), at
    for name in REQUIRED:
        if name not in values:
            raise _bad(path, line, name, "this field is missing")
    return _Row(line=line, values=values, lines=lines)


def _yaml_value(path: Path, line: int, name: str, node: yaml.Node) -> Any:
    """The text as written: YAML's own reading would make country NO a False and 0123 an octal number."""
    if isinstance(node, yaml.ScalarNode):
        text = "" if node.tag.endswith(":null") else str(node.value)
        return [part for part in text.split(";") if part.strip()] if name in LISTS else text
    if isinstance(node, yaml.MappingNode) and name == "sla":
        try:
            return sla_line(node)
        except SlaFault as fault:
            raise _bad(path, fault.line, fault.field, str(fault)) from None
    if isinstance(node, yaml.SequenceNode) and name in LISTS:
        if all(isinstance(item, yaml.ScalarNode) for item in node.value):
            return [str(item.value) for item in node.value]
        raise _bad(path, line, name, "every entry must be plain text")
    raise _bad(path, line, name, "a list of texts is expected" if name in LISTS else "plain text is expected")


# --- one customer ---------------------------------------------------------------------------


def _customer(path: Path, row: _Row) -> Customer:
    values: dict[str, Any] = {}
    for name, value in row.values.items():
        try:
            values[_FIELD_OF.get(name, name)] = _READERS[name](value)
        except (_Fault, BadTerms) as fault:
            raise _bad(path, row.line_of(name), name, str(fault)) from None
    customer = Customer(**values)
    for name, problem in _contradictions(customer):
        raise _bad(path, row.line_of(name), name, problem)
    return customer


def _contradictions(row: Customer) -> Iterator[tuple[str, str]]:
    """What no field shows alone: days in the wrong order, a chain of deputies that comes back to itself."""
    if row.valid_from and row.valid_until and row.valid_until < row.valid_from:
        yield "valid_until", f"{row.valid_until} lies before valid_from, {row.valid_from}"
    chain = (row.supplier_manager_email, *row.deputies)
    for number, person in enumerate(chain):
        if number and person.lower() in {one.lower() for one in chain[:number]}:
            yield "deputy_email", f"{person} stands in the chain already; it would come back to itself"
    if row.fallback_email and row.fallback_email.lower() in {one.lower() for one in chain}:
        yield "fallback_email", f"{row.fallback_email} is asked before already; name another address or none"


def _line(value: str, *, longest: int = 300) -> str:
    """Text on one line: quoted cells may hold line breaks, and none may reach a mail's header."""
    text = " ".join(value.split())
    if not text.isprintable():
        raise _Fault("holds a control character")
    if len(text) > longest:
        raise _Fault(f"is longer than {longest} characters")
    return text


def _id(value: str) -> str:
    text = _line(value)
    if not text:
        raise _Fault("is empty; every customer needs an id that never changes")
    if " " in text or len(text) > 64:
        raise _Fault(f"{text[:70]!r} is no id; up to 64 characters without blanks")
    return text


def _name(value: str) -> str:
    if not (text := _line(value)):
        raise _Fault("is empty")
    return text


def _email(value: str) -> str:
    if not (text := _line(value)):
        return ""
    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=True).normalized
    except EmailNotValidError as error:
        raise _Fault(f"{text!r} is no mail address: {error}") from None


def _emails(values: list[str]) -> tuple[str, ...]:
    return tuple(email for value in values if (email := _email(value)))


def _date(value: str) -> date | None:
    if not (text := _line(value)):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _Fault(f"{text!r} is no day; write it like 2026-12-31") from None


def _names(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for value in values if (text := _line(value))))


def _domains(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_domain(text) for text in _names(values)))


def _domain(text: str) -> str:
    host, path = host_and_path(text)
    if "@" in text or not _HOST.match(host):
        raise _Fault(f"{text!r} is no domain; write it like example.com or example.com/uk")
    return f"{host}/{path}" if path else host


def _identifiers(values: list[str]) -> tuple[str, ...]:
    for text in _names(values):
        if not _IDENTIFIER.match(text):
            raise _Fault(f"{text!r} is no identifier; write scheme:value, e.g. companies-house:01234567")
    return _names(values)


def _sla(value: str) -> str:
    text = _line(value, longest=LONGEST_LINE)
    if text:
        parse_agreement(text)
    return text


def _calendar(value: str) -> str:
    text = _line(value)
    if text and not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,62}", text):
        raise _Fault(f"{text[:70]!r} is no name of a calendar; small letters, digits, dots and dashes")
    return text


def _encryption(value: str) -> str:
    text = _line(value).lower() or Encryption.NONE.value
    if text not in [one.value for one in Encryption]:
        raise _Fault(f"{text[:70]!r} is none of {', '.join(Encryption)}")
    return text


def _country(value: str) -> str:
    text = _line(value).upper()
    if text and text not in _COUNTRIES:
        meant = _COUNTRY_HABITS.get(text)
        hint = f"; did you mean {meant}?" if meant else "; two letters of ISO 3166 are expected, e.g. GB"
        raise _Fault(f"{_line(value)!r} is no country{hint}")
    return text


def _language(value: str) -> str:
    text = _line(value).lower()
    if text and text not in LANGUAGES:
        meant = text.partition("-")[0].partition("_")[0]
        hint = f"did you mean {meant}?" if meant in LANGUAGES else f"there are {', '.join(LANGUAGES)}"
        raise _Fault(f"{_line(value)!r} is no language that customers are written to in; {hint}")
    return text


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "id": _id,
    "name": _name,
    "aliases": _names,
    "domains": _domains,
    "identifiers": _identifiers,
    "supplier_manager_name": _line,
    "supplier_manager_email": _email,
    "deputy_email": _emails,
    "fallback_email": _email,
    "sla": _sla,
    "country": _country,
    "language": _language,
    "calendar": _calendar,
    "encryption": _encryption,
    "valid_from": _date,
    "valid_until": _date,
}


# --- checks and differences -----------------------------------------------------------------


def check_customers(
    customers: Iterable[Customer],
    today: date,
    *,
    calendars: Collection[str] | None = None,
    keys: Callable[[Customer], Iterable[str]] | None = None,
) -> tuple[str, ...]:
    """Warn of what is allowed but will send letters to a person: one line each, most grave first.

    Args:
        customers: the register.
        today: in the house's time zone; contracts that ended before are told, and not looked at further.
        calendars: those there are; None: they are not looked at.
        keys: tells of the encryption keys of a customer's people; None: they are not looked at.
    """
    all_rows = tuple(customers)
    rows = tuple(row for row in all_rows if not _has_ended(row, today))
    return (
        *_elsewhere(rows),
        *_unreachable(rows),
        *(warning for row in rows for warning in (keys(row) if keys else ())),
        *_uncounted(rows, calendars),
        *_ended(all_rows, today),
        *_collisions(rows),
        *_shared_domains(rows),
        *_freemail(rows),
        *_ordinary(rows),
    )


def _has_ended(row: Customer, today: date) -> bool:
    return row.valid_until is not None and row.valid_until < today


def _ended(rows: tuple[Customer, ...], today: date) -> Iterator[str]:
    going_on = {row.id for row in rows if not _has_ended(row, today)}
    last = {row.id: row for row in sorted(rows, key=lambda row: row.valid_until or date.max)}
    for row in last.values():
        if row.id not in going_on:
            yield f"{row.id} {row.name}: its contract ended on {row.valid_until}; what comes for it since goes to a person"


def _elsewhere(rows: tuple[Customer, ...]) -> Iterator[str]:
    """People whose mailbox is at another customer's site: most likely a line was mixed up (I2)."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        for domain in row.domains:
            owners[registrable(host_and_path(domain)[0])].add(row.id)
    for row in rows:
        for person in (row.supplier_manager_email, *row.deputies, row.fallback_email):
            there = owners.get(registrable(person.rpartition("@")[2]), set()) if person else set()
            if there and row.id not in there:
                yield f"{row.id} {row.name}: {person} is at a web site of {_some(sorted(there))}, and would read its complaints"


def _unreachable(rows: tuple[Customer, ...]) -> Iterator[str]:
    for row in rows:
        if not row.supplier_manager_email:
            yield f"{row.id} {row.name}: no supplier manager can be reached; its complaints go to a person"


def _uncounted(rows: tuple[Customer, ...], calendars: Collection[str] | None) -> Iterator[str]:
    for row in rows:
        if calendars is not None and row.calendar and row.calendar not in calendars:
            yield f"{row.id} {row.name}: {_no_calendar(row.calendar, calendars)}; its time is counted in the house's"


def _collisions(rows: tuple[Customer, ...]) -> Iterator[str]:
    bearers: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        for name in names_of(row):
            if name.tier is not Tier.BRAND:
                bearers[" ".join(name.words)][row.id] = None
    told: set[tuple[str, ...]] = set()
    for shared, ids in sorted(bearers.items()):
        if len(ids) > 1 and tuple(ids) not in told:
            told.add(tuple(ids))
            yield f"{_some(ids)} bear the same name “{shared}”; only a web site, number or country tells them apart"


def _shared_domains(rows: tuple[Customer, ...]) -> Iterator[str]:
    users: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        for domain in row.domains:
            if row.id not in users[domain]:
                users[domain].append(row.id)
    for domain, ids in sorted(users.items()):
        if len(ids) > 1:
            yield f"{_some(ids)} share the domain {domain}; it identifies none of them"


def _freemail(rows: tuple[Customer, ...]) -> Iterator[str]:
    for row in rows:
        for domain in row.domains:
            if domain in FREEMAIL:
                yield f"{row.id} {row.name}: the public has mailboxes at {domain}; addresses there do not point to it"


def _ordinary(rows: tuple[Customer, ...]) -> Iterator[str]:
    for row in rows:
        names = [name for name in names_of(row) if name.tier is not Tier.BRAND]
        plain = dict.fromkeys(" ".join(name.words) for name in names if is_ordinary(name.words))
        for words in plain:
            yield f"{row.id} {row.name}: “{words}” is an ordinary word and needs a second sign beside it"


def _some(ids: Iterable[str]) -> str:
    listed = list(ids)
    return (
        " and ".join(listed)
        if len(listed) <= 2
        else f"{', '.join(listed[:4])}{' ...' if len(listed) > 4 else ''}"
    )


def diff_customers(old: Iterable[Customer], new: Iterable[Customer]) -> RegisterDiff:
    """Say what taking ``new`` in place of ``old`` would add, change and retire, in the order of the files."""
    before = {(row.id, row.valid_from): row for row in old}
    after = {(row.id, row.valid_from): row for row in new}
    return RegisterDiff(
        added=tuple(row for i, row in after.items() if i not in before),
        changed=tuple((before[i], row) for i, row in after.items() if i in before and before[i] != row),
        retired=tuple(row for i, row in before.items() if i not in after),
    )


def effective_from(old: Iterable[Customer], new: Iterable[Customer], day: date) -> tuple[Customer, ...]:
    """The register that has ``old`` in force until the day before ``day``, and ``new`` from then on.

    Args:
        old: what is on file.
        new: the register that takes its place, without days of its own.
        day: the first day of ``new`` in the house's time zone.

    Raises:
        BadRegister: a row of ``new`` has days of its own, so that two would be said of one row.
    """
    coming = {row.id: row for row in new}
    for row in coming.values():
        if row.valid_from or row.valid_until:
            raise BadRegister(
                f"{row.id} {row.name} has days of its own (valid_from, valid_until); import it without --effective"
            )
    rows: list[Customer] = []
    eve = day_before(day)
    for row in old:
        if row.valid_from and row.valid_from >= day:
            continue  # another change that was to come; this one takes its place
        lasts = row.valid_until is None or row.valid_until >= eve
        if lasts and coming.get(row.id) == replace(row, valid_from=None, valid_until=None):
            rows.append(replace(row, valid_until=None))
            del coming[row.id]
        else:
            rows.append(replace(row, valid_until=eve) if lasts else row)
    return (*rows, *(replace(row, valid_from=day) for row in coming.values()))


def _titled(row: Customer) -> str:
    days = (
        f"from {row.valid_from}" if row.valid_from else "",
        f"until {row.valid_until}" if row.valid_until else "",
    )
    told = " ".join(one for one in days if one)
    return f"{row.id} {row.name}{f' ({told})' if told else ''}"


def _changes(old: Customer, new: Customer) -> str:
    names = (field.name for field in fields(Customer))
    changed = (name for name in names if getattr(old, name) != getattr(new, name))
    return ", ".join(
        f"{_COLUMN_OF.get(name, name)} {_shown(getattr(old, name))} -> {_shown(getattr(new, name))}"
        for name in changed
    )


def _shown(value: str | tuple[str, ...] | date | None) -> str:
    if isinstance(value, tuple):
        value = "; ".join(value)
    return str(value) if value else "(empty)"
