"""Read YAML files of the house's own so that every mistake is named by file, line and field."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import yaml

from complaints.errors import BadRegister

T = TypeVar("T")


class Fault(Exception):
    """What is wrong, in which field and where."""

    def __init__(self, node: yaml.Node | None, field: str, message: str) -> None:
        super().__init__(message)
        self.line = node.start_mark.line + 1 if node else 1
        self.field = field


def read(name: str, text: Callable[[], str], make: Callable[[yaml.Node | None], T]) -> T:
    """Make something of a YAML file.

    Args:
        name: of the file, for messages.
        text: reads it.
        make: of its root node (None: it is empty); raises Fault.

    Raises:
        BadRegister: one line naming file, line and field of the first mistake.
    """
    try:
        return make(yaml.compose(text(), Loader=yaml.SafeLoader))
    except Fault as fault:
        raise BadRegister(f"{name}, line {fault.line}, field {fault.field}: {fault}") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadRegister(f"{name}, line {line}: is no YAML ({error.problem})") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadRegister(f"{name}: cannot be read ({' '.join(str(error).split())})") from None


def fields(node: yaml.Node | None, known: Sequence[str], name: str = "") -> dict[str, yaml.Node]:
    """The fields of a mapping, by their names.

    Args:
        node: the mapping.
        known: what it may hold.
        name: of the field that holds it, where there is one.

    Raises:
        Fault: it is no mapping, or holds something else, or something twice.
    """
    if not isinstance(node, yaml.MappingNode):
        raise Fault(node, name or known[0], f"here must stand fields: {', '.join(known)}")
    found: dict[str, yaml.Node] = {}
    for key, value in node.value:
        field = str(key.value)[:40]
        if field not in known:
            raise Fault(key, field, f"there is no such field; there are {', '.join(known)}")
        if field in found:
            raise Fault(key, field, "it stands here twice")
        found[field] = value
    return found


def entries(node: yaml.Node, field: str) -> list[yaml.Node]:
    """The entries of a list that must have some.

    Raises:
        Fault: it is none, or empty.
    """
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        raise Fault(node, field, "it must be a list with at least one entry")
    return list(node.value)


def scalar(node: yaml.Node, field: str) -> str:
    """A single value as text.

    Raises:
        Fault: it is a list, a mapping, or empty.
    """
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        raise Fault(node, field, "it must be one value")
    return str(node.value).strip()
