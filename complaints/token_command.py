"""OAuth 2 access tokens, printed by a command of the operator's own."""

import shlex
import subprocess

from complaints.errors import ForthwithError

_SECONDS = 30
_MAY_TAKE = 64 * 1024  # characters


class TokenUnavailable(ForthwithError):
    """The command that prints an access token gave none."""


def token_from(command: str, setting: str) -> str:
    """Run the command that prints an OAuth 2 access token. Neither it nor its output is ever logged.

    Args:
        command: with its arguments, split as a shell does; no shell runs it.
        setting: that names it, for people.

    Raises:
        TokenUnavailable: it failed, took more than 30 seconds, or printed nothing of use.
    """
    try:
        done = subprocess.run(  # noqa: S603 -- the operator's own command, split without a shell
            shlex.split(command),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, ValueError) as error:
        raise TokenUnavailable(f"{setting} cannot be run: {type(error).__name__}") from None
    except subprocess.TimeoutExpired:
        raise TokenUnavailable(f"{setting} took more than {_SECONDS} seconds") from None
    token = done.stdout.decode("ascii", "replace").strip()
    if done.returncode != 0:
        raise TokenUnavailable(f"{setting} ended with code {done.returncode}")
    if not token or len(token) > _MAY_TAKE or any(c.isspace() for c in token):
        raise TokenUnavailable(f"{setting} must print the access token and nothing else")
    return token
