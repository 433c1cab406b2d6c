"""Is the process alive, and is it fit to serve?"""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

from app.core.errors import Unavailable
from app.engine.answering import answering
from app.web.context import Context, context_of

router = APIRouter(include_in_schema=False)
PATIENCE = 2.0  # seconds the database may take to answer


@router.get("/healthz")
async def alive() -> JSONResponse:
    """The loop turns."""
    return JSONResponse({"status": "alive"})


@router.get("/readyz")
async def ready(context: Context = Depends(context_of)) -> JSONResponse:  # noqa: B008
    """The database answers."""
    try:
        async with answering(context.engine):
            await asyncio.wait_for(context.engine.ping(), PATIENCE)
    except Unavailable:
        return JSONResponse({"status": "waiting", "why": "database"}, status_code=503)
    return JSONResponse({"status": "ready", "engine": context.engine.name})


@router.get("/metrics")
async def metrics() -> Response:
    """Figures for Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
