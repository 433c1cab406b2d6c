"""The ASGI application: the receiver in front, pages and API behind it, the worker beside them."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI

from app.bootstrap import Dangol, build
from app.core.ports import Asgi
from app.settings import Settings
from app.web.address.routes import router as address
from app.web.api.routes import api_app_parts
from app.web.chat.routes import router as chat
from app.web.health import router as health
from app.web.hooks import Front, Hooks
from app.web.pay.returned import router as pay_returned
from app.web.pay.routes import router as pay
from app.web.play.routes import router as play
from app.web.site.security import SecurityHeaders
from app.web.site.static import PREFIX, files

OWN_POLICY = ("/sandbox",)  # the provider's page brings its own headers

log = structlog.get_logger()


def create_app(dangol: Dangol, *, with_worker: bool = True) -> Asgi:
    """The whole house over HTTP. `with_worker` runs the three loops in this process as well."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        dangol.engine.claim_process()
        if with_worker:
            dangol.worker.start()
        _freeze()
        log.info("serving", engine=dangol.engine.name, worker=with_worker)
        yield
        await dangol.worker.stop()
        await dangol.close()

    app = FastAPI(title="Dangol", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.context = dangol.context
    if dangol.stage is not None:
        app.state.stage = dangol.stage
    for router in (health, pay, pay_returned, address, chat, play):
        app.include_router(router)
    api_app_parts(app)
    for path, part in dangol.parts.items():
        app.mount(path, part)
    app.mount(PREFIX, files)
    return SecurityHeaders(Front(Hooks(dangol.context), app), OWN_POLICY)


def _freeze() -> None:
    """What start-up made lives for ever: to look through it again and again costs the p99."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 1000)


def app() -> Asgi:
    """For `uvicorn --factory app.main:app`."""
    return create_app(build(Settings()))
