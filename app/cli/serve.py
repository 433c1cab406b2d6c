"""Serving, working, migrating, and the demo that does all three with a shop in it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from typing import Annotated

import typer
import uvicorn
from rich.console import Console

from app.bootstrap import build
from app.cli.demo import demo_shop
from app.cli.logs import start_logs
from app.db.migrate import behind
from app.db.migrate import migrate as migrate_database
from app.main import create_app
from app.settings import Settings

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.")]


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    worker: Annotated[bool, typer.Option(help="Also run the worker's loops.")] = True,
) -> None:
    """Take webhooks and answer pages, chat and API."""
    settings = Settings()
    start_logs(settings)
    _refuse_old_tables(settings)
    _run(settings, host, port, worker)


def worker() -> None:
    """Run the three loops alone, beside `dangol serve --no-worker`."""
    settings = Settings()
    start_logs(settings)
    _refuse_old_tables(settings)
    asyncio.run(_work(settings))


def migrate(
    revision: Annotated[str, typer.Argument(help="Where to: head, base or a revision.")] = "head",
) -> None:
    """Bring the database to the tables of this version."""
    settings = Settings()
    asyncio.run(migrate_database(settings.database_url, revision))
    Console().print(f"The database is at [bold]{revision}[/bold].")


def demo(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """A demo shop with a playground: comment, buy, pay, and break things."""
    settings = Settings(environment="demo", public_url=f"http://{host}:{port}")
    start_logs(settings)
    asyncio.run(migrate_database(settings.database_url))
    asyncio.run(demo_shop(settings))
    Console().print(f"\n  The playground: [bold]{settings.public_url}/play[/bold]\n")
    _run(settings, host, port, with_worker=True)


def _run(settings: Settings, host: str, port: int, with_worker: bool) -> None:
    uvicorn.run(
        create_app(build(settings), with_worker=with_worker),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


async def _work(settings: Settings) -> None:
    dangol = build(settings)
    dangol.engine.claim_process()
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    await dangol.worker.run(stop)
    await dangol.close()


def _refuse_old_tables(settings: Settings) -> None:
    current, newest = asyncio.run(behind(settings.database_url))
    if current != newest:
        Console(stderr=True).print(
            f"The database is at {current or 'nothing'}, this version needs {newest}. "
            "Run [bold]dangol migrate[/bold] first.",
            highlight=False,
        )
        raise typer.Exit(2)


COMMANDS: tuple[Callable[..., None], ...] = (serve, worker, migrate, demo)
