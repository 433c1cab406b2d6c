"""The ASGI application: the receiver in front, pages and API behind it, the worker beside them."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI
from starlette.types import ASGIApp

from app.bootstrap import Dangol, build
from app.settings import Settings
from app.web.address.routes import router as address
from app.web.health import router as health
from app.web.hooks import Front, Hooks
from app.web.pay.returned import router as pay_returned
from app.web.pay.routes import router as pay

log = structlog.get_logger()


def create_app(dangol: Dangol, *, with_worker: bool = True) -> ASGIApp:
    """The whole house over HTTP. `with_worker` runs the three loops in this process as well."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        dangol.engine.claim_process()
        stop = asyncio.Event()
        loops = asyncio.create_task(dangol.worker.run(stop)) if with_worker else None
        _freeze()
        log.info("serving", engine=dangol.engine.name, worker=with_worker)
        yield
        stop.set()
        if loops is not None:
            await loops
        await dangol.close()

    app = FastAPI(title="Dangol", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.context = dangol.context
    for router in (health, pay, pay_returned, address):
        app.include_router(router)
    for path, part in dangol.parts.items():
        app.mount(path, part)
    return Front(Hooks(dangol.context), app)


def _freeze() -> None:
    """What start-up made lives for ever: to look through it again and again costs the p99."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 1000)


def app() -> ASGIApp:
    """For `uvicorn --factory app.main:app`."""
    return create_app(build(Settings()))
