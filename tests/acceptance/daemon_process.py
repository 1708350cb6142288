"""A daemon without Prefect as a process of its own: settings as JSON on standard input, works until that ends."""

import asyncio
import json
import sys

from config.bootstrap import open_app
from config.settings import Settings
from flows.daemon import Daemon
from flows.up import take_register


async def work(settings: Settings) -> None:
    async with open_app(settings) as app:
        await take_register(app)
        async with Daemon(app, runner=None):
            await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(work(Settings(_env_file=None, **json.loads(sys.stdin.readline()))))
