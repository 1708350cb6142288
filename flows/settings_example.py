"""The commented settings file that ``forthwith settings --example`` prints."""

import json
import textwrap
from collections.abc import Iterator
from typing import Any

from config.settings import Described, Settings, describe

_HEAD = """\
# Settings of Forthwith. Each line shows the default; take the # away to change it.
# The environment wins over this file: FORTHWITH_SMTP_HOST=... for smtp_host.
# Passwords are better kept in the environment or in .env than here."""

# What stands for a setting that has no default of its own.
_SAMPLES = {
    "imap_ca_file": "/etc/ssl/certs/mail-ca.pem",
    "imap_start_from": "2026-11-23T00:00:00+00:00",
    "customers_file": "customers.csv",
    "authorities_file": "our-authorities.yaml",
    "bodies_file": "our-bodies.yaml",
    "ladder_file": "ladder.yaml",
    "people_file": "people.yaml",
    "smtp_ca_file": "/etc/ssl/certs/mail-ca.pem",
}


def example() -> str:
    """A settings file in which every setting stands with its default, commented out."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD
    group = ""
    for one in describe(Settings.model_construct()):
        if one.group != group:
            group = one.group
            yield f"\n# --- {group} {'-' * (90 - len(group))}"
        yield ""
        yield from textwrap.wrap(
            f"{one.description} ({one.takes})", 100, initial_indent="# ", subsequent_indent="# "
        )
        yield f"# {one.name} = {_value(one)}"


def _value(one: Described) -> str:
    default: Any = Settings.model_fields[one.name].default
    if one.name in _SAMPLES:
        return json.dumps(_SAMPLES[one.name])
    if isinstance(default, tuple):
        return json.dumps(list(default))
    return json.dumps(default) if isinstance(default, bool | int | float) else json.dumps(one.default)
