"""The program of our own Prefect server: Prefect's application behind a doorkeeper of ours.

Prefect's pages call an analytics host whatever its settings say, show images from anywhere, and its API
answers every web page that the reader has open. The doorkeeper stops all three: a Content-Security-Policy,
and a look at Host and Origin.
"""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from flows.lifeline import end_with_parent

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; connect-src 'self'; "
    "img-src 'self' data: blob:; frame-ancestors 'none'; form-action 'self'; base-uri 'self'"
)
"""Prefect's own scripts need inline and eval; nothing may be fetched from elsewhere."""

OWNER_HEADER = "x-forthwith-owner"
"""Names the data folder (hashed) that a server belongs to."""


class Doorkeeper:
    """Lets in who came by one of our names, and tells the browser to stay with us.

    Args:
        app: what is guarded.
        hosts: host names, without port, under which people reach it.
        owner: put into every answer, so that a later start can tell whose server this is.
    """

    def __init__(self, app: Asgi, *, hosts: frozenset[str], owner: str) -> None:
        self._app = app
        self._hosts = hosts
        self._headers = [
            (b"content-security-policy", POLICY.encode()),
            (b"referrer-policy", b"same-origin"),
            (b"x-content-type-options", b"nosniff"),
            (OWNER_HEADER.encode(), owner.encode()),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection (ASGI)."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif not self._welcome(scope):
            await self._refuse(scope, send)
        else:
            await self._app(scope, receive, self._with_headers(send))

    def _welcome(self, scope: Scope) -> bool:
        # A strange Host is DNS rebinding, a strange Origin another site's script: both would act with
        # the rights of whoever sits at this machine.
        headers = dict(scope["headers"])
        host = urlsplit("//" + headers.get(b"host", b"").decode("latin-1")).hostname
        origin = headers.get(b"origin", b"").decode("latin-1")
        return host in self._hosts and (not origin or urlsplit(origin).hostname in self._hosts)

    async def _refuse(self, scope: Scope, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        await send({"type": "http.response.start", "status": 403, "headers": [*self._headers]})
        await send({"type": "http.response.body", "body": b"Unknown Host or Origin."})

    def _with_headers(self, send: Send) -> Send:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        return guarded


def _let_transactions_write() -> None:
    """Let every transaction on SQLite have the right to write from its beginning.

    Prefect's begin by reading. When another one commits before such a transaction comes to write, SQLite refuses it
    at once, whatever its timeout says, and the click of a person is answered by 503: of 100 clicks in a row 18 to 36.
    Begun like this they wait for each other for some milliseconds, and none of 400 was refused.
    """
    from prefect.server.database.configurations import AioSqliteConfiguration  # noqa: PLC0415

    begin = AioSqliteConfiguration.begin_transaction

    def begin_to_write(self: AioSqliteConfiguration, session: Any, **_: bool) -> Any:
        return begin(self, session, with_for_update=True)

    AioSqliteConfiguration.begin_transaction = begin_to_write  # type: ignore[method-assign, assignment]


def main() -> None:
    """Serve until told to stop, or until the parent is gone; the environment says how."""
    end_with_parent()
    import uvicorn  # noqa: PLC0415 - the lifeline must hold before seconds of imports
    from prefect.server.api.server import create_app  # noqa: PLC0415

    _let_transactions_write()
    hosts = frozenset(os.environ["FORTHWITH_PREFECT_HOSTS"].split(","))
    owner = os.environ["FORTHWITH_PREFECT_OWNER"]
    uvicorn.run(
        Doorkeeper(create_app(final=True), hosts=hosts, owner=owner),
        host="127.0.0.1",
        port=int(os.environ["PREFECT_SERVER_API_PORT"]),
        log_level="warning",
        access_log=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    main()
