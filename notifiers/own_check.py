"""Reads the operator's templates and tries each before a message needs it."""

import difflib
from collections.abc import Collection, Iterator
from pathlib import Path

from jinja2 import TemplateError, meta, nodes

from complaints.customer_place import LANGUAGES
from complaints.outbox import Notice, NoticeKind
from notifiers.compose import Voice, template_of, values_of
from notifiers.customer_note import CUSTOMER_KINDS, CUSTOMERS_ALONE
from notifiers.own_templates import NO_OWN_TEMPLATES, OwnTemplateFailed, OwnTemplates
from notifiers.parts import attach
from notifiers.sample import LETTER, samples

PARTS = ("subject.txt", "body.txt", "body.html")
_LARGEST = 200_000  # bytes; ours take some five thousand


def template_names() -> dict[str, tuple[Notice, ...]]:
    """Every template that there can be, with made-up notices that it must be able to write."""
    audiences: list[tuple[NoticeKind, str]] = [
        (kind, "") for kind in NoticeKind if kind not in CUSTOMERS_ALONE
    ]
    audiences += [(kind, language) for kind in NoticeKind if kind in CUSTOMER_KINDS for language in LANGUAGES]
    tried = (tuple(samples(kind, language)) for kind, language in audiences)
    return {template_of(notices[0], part): notices for notices in tried for part in PARTS}


def read_own_templates(folder: Path | None, voice: Voice) -> OwnTemplates:
    """The templates in a folder, each tried with made-up notices; what is wrong with one is told, never raised.

    Args:
        folder: of the setting ``templates_dir``; None: there is none.
        voice: who writes.
    """
    if folder is None:
        return NO_OWN_TEMPLATES
    if not folder.is_dir():
        return OwnTemplates(folder, {}, strange=(f"{folder} is no folder; templates_dir names it",))
    known = template_names()
    sources: dict[str, str] = {}
    strange: list[str] = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        name = path.relative_to(folder).as_posix()
        if name not in known:
            strange.append(f"{path}: there is no such template; {_hint(name, known)}")
            continue
        try:
            sources[name] = _text(path)
        except (OSError, UnicodeDecodeError, ValueError) as error:
            strange.append(f"{path}: cannot be read as text in UTF-8 of at most {_LARGEST} bytes ({error})")
    broken = _broken(OwnTemplates(folder, sources), sources, known, voice)
    return OwnTemplates(folder, sources, broken=broken, strange=tuple(strange))


def _text(path: Path) -> str:
    if path.stat().st_size > _LARGEST:
        raise ValueError("it is larger")
    return path.read_text(encoding="utf-8-sig")


def _hint(name: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return (
        f"did you mean {close[0]}?"
        if close
        else "their names are KIND/LANGUAGE/PART for customers, KIND/PART for our own people"
    )


def _broken(
    templates: OwnTemplates, sources: Collection[str], known: dict[str, tuple[Notice, ...]], voice: Voice
) -> dict[str, str]:
    tried = ((name, _problem(templates, name, known[name], voice)) for name in sources)
    return {name: problem for name, problem in tried if problem}


def _problem(templates: OwnTemplates, name: str, notices: tuple[Notice, ...], voice: Voice) -> str:
    """What is wrong with a template: one line, or empty."""
    original = attach(LETTER, "FW-1002-original.eml", "=_")
    given = [values_of(notice, voice, original) for notice in notices]
    try:
        for line, unknown in _strange_names(templates, name, {*given[0], "self", "super"}):
            close = difflib.get_close_matches(unknown, given[0], n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            return f"{templates.place(name)}, line {line}: there is no {unknown!r}{hint}"
    except TemplateError as error:
        return templates.told(name, error)
    try:
        texts = [templates.render(name, values) for values in given]
    except OwnTemplateFailed as failed:
        return str(failed)
    return f"{templates.place(name)}: it says nothing" if not texts[0].strip() else ""


def _strange_names(templates: OwnTemplates, name: str, given: Collection[str]) -> Iterator[tuple[int, str]]:
    """Names that are nothing, also where no made-up notice leads to them."""
    tree = templates.tree(name)
    unknown = meta.find_undeclared_variables(tree) - {*given, *templates.environment.globals}
    for node in tree.find_all(nodes.Name):
        if node.name in unknown:
            yield node.lineno, node.name
