"""Templates of the operator's own, in place of ours. A broken one is told, and never holds a message up."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from traceback import extract_tb
from typing import Any

from jinja2 import ChoiceLoader, FunctionLoader, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from complaints.errors import ForthwithError
from notifiers.language import NoPhrase
from notifiers.wording import OURS, environment_of


class OwnTemplateFailed(ForthwithError):
    """One of the templates in `templates_dir` cannot be used; ours stands in for it. `forthwith doctor` tells more."""


class OwnTemplates:
    """What stands in ``templates_dir``, read once, so that a retry is the same bytes (I6).

    Attributes:
        problems: what is wrong with it, a line each.
    """

    def __init__(
        self,
        folder: Path,
        sources: Mapping[str, str],
        *,
        broken: Mapping[str, str] | None = None,
        strange: tuple[str, ...] = (),
    ) -> None:
        """Take these templates.

        Args:
            folder: where they stand.
            sources: what each of them says, by name, such as ``forward/de/body.txt``.
            broken: what is wrong with some of them, by name.
            strange: what is wrong with files that are no templates of ours.
        """
        self._folder = folder
        self._sources = sources
        self._broken = broken or {}
        self.problems = (*strange, *self._broken.values())
        # Such a file is the operator's, yet what it is filled with came by mail.
        self.environment = environment_of(
            ChoiceLoader([FunctionLoader(self._source), OURS]), ImmutableSandboxedEnvironment
        )

    def _source(self, name: str) -> tuple[str, str, None] | None:
        return (self._sources[name], self.place(name), None) if name in self._sources else None

    def tree(self, name: str) -> nodes.Template:
        """One of them, parsed.

        Raises:
            TemplateError: it cannot be.
        """
        return self.environment.parse(self._sources[name], name, self.place(name))

    def place(self, name: str) -> str:
        """The file of a template, for people."""
        return str(self._folder / name)

    def __contains__(self, name: str) -> bool:
        """Whether the operator has a template of this name, sound or not."""
        return name in self._sources or name in self._broken

    def __len__(self) -> int:
        """How many there are."""
        return len(self._sources)

    def render(self, name: str, values: Mapping[str, Any]) -> str:
        """One of them filled in.

        Raises:
            OwnTemplateFailed: it is broken; one line with file and line.
        """
        if name in self._broken:
            raise OwnTemplateFailed(self._broken[name])
        try:
            return self.environment.get_template(name).render(values)
        except Exception as error:
            raise OwnTemplateFailed(self.told(name, error)) from error

    def told(self, name: str, error: Exception) -> str:
        """What is wrong with a template: one line with file, line and what it is."""
        place = self.place(name)
        line = getattr(error, "lineno", None)
        if line is None:
            lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == place]
            line = lines[-1] if lines else None
        # Of an error that is none of a template's own, the words may quote a letter.
        words = str(error) if isinstance(error, TemplateError | NoPhrase) else type(error).__name__
        return f"{place}{f', line {line}' if line else ''}: {' '.join(words.split())}"


def alarm_key(problem: str) -> str:
    """By which the managers are told of a problem once a day, whoever notices it."""
    return f"template:{sha256(problem.encode()).hexdigest()[:16]}"


NO_OWN_TEMPLATES = OwnTemplates(Path(), {})
