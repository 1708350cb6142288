"""What a form shows: titles in words, and who acts asked last."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from pydantic.fields import FieldInfo

_ASKED_LAST = "who"


def shown(schema: Mapping[str, Mapping[str, Any]], fill_in: Callable[..., Any]) -> dict[str, dict[str, Any]]:
    """A form's fields as people are to see them.

    Prefect shows parameters under the names that the program has for them, whatever title a field was given.

    Args:
        schema: Prefect's own JSON schema of each parameter.
        fill_in: the function whose parameters they are.
    """
    titles = _titles(fill_in)
    order = sorted(schema, key=lambda name: name == _ASKED_LAST)
    return {
        name: {**schema[name], "title": titles.get(name, name), "position": place}
        for place, name in enumerate(order)
    }


def _titles(fill_in: Callable[..., Any]) -> dict[str, str]:
    return {
        name: field.title
        for name, parameter in inspect.signature(fill_in).parameters.items()
        for field in getattr(parameter.annotation, "__metadata__", ())
        if isinstance(field, FieldInfo) and field.title
    }
