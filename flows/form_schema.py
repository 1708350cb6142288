"""What a form shows: titles in words, customers to choose from, and who acts asked last."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic.fields import FieldInfo

from flows.form_customers import ALL

Schema = Mapping[str, Any]

_ASKED_LAST = "who"
_ONE, _SEVERAL = "customer_id", "customer_ids"
_LIST, _TYPED = "From the register", "By id or name"
_ABOUT = ("title", "description", "default", "position")
"""What is said of a field as a whole, however it is filled in."""


def shown(
    schema: Mapping[str, Schema], fill_in: Callable[..., Any], customers: Sequence[str]
) -> dict[str, Schema]:
    """A form's fields as people are to see them.

    Prefect shows parameters under the names that the program has for them, whatever title a field was given.

    Args:
        schema: Prefect's own JSON schema of each parameter.
        fill_in: the function whose parameters they are.
        customers: what there is to choose from; nothing: customers are filled in.
    """
    titles = _titles(fill_in)
    order = sorted(schema, key=lambda name: name == _ASKED_LAST)
    fields = {
        name: {**schema[name], "title": titles.get(name, name), "position": place}
        for place, name in enumerate(order)
    }
    return {name: _with_choices(name, field, customers) for name, field in fields.items()}


def asks_for_customers(fill_in: Callable[..., Any]) -> bool:
    """Whether what a form shows depends on the register."""
    return not {_ONE, _SEVERAL}.isdisjoint(inspect.signature(fill_in).parameters)


def _with_choices(name: str, field: Schema, customers: Sequence[str]) -> Schema:
    """The same with customers to choose from, where it asks for some.

    What is no choice is taken too: links fill in an id, and a page made before a customer changed its name
    fills in the old one. Both pages show the two ways as two buttons, and the one that fits what is filled in.
    """
    if not customers or name not in (_ONE, _SEVERAL):
        return field
    about = {key: field[key] for key in _ABOUT if key in field}
    typed = {key: field[key] for key in field if key not in _ABOUT}
    if name == _SEVERAL:
        listed: Schema = {**typed, "items": {"type": "string", "enum": list(customers)}}
    elif "default" in field:
        about["default"] = ALL
        listed = {"type": "string", "enum": [ALL, *customers]}
    else:
        listed = {"type": "string", "enum": list(customers)}
    return {**about, "anyOf": [{**listed, "title": _LIST}, {**typed, "title": _TYPED}]}


def _titles(fill_in: Callable[..., Any]) -> dict[str, str]:
    return {
        name: field.title
        for name, parameter in inspect.signature(fill_in).parameters.items()
        for field in getattr(parameter.annotation, "__metadata__", ())
        if isinstance(field, FieldInfo) and field.title
    }
