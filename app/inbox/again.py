"""Working a parked event off once more: somebody mended what was in its way."""

from __future__ import annotations

from sqlalchemy import select, update

from app.core.errors import Conflict, NotFound
from app.db.unit import Unit
from app.inbox.accept import BELL
from app.inbox.models import inbox


async def try_again(unit: Unit, shop_id: str, inbox_id: int) -> None:
    """Puts a parked event back. Raises `NotFound`, and `Conflict` when it is not parked."""
    mine = (inbox.c.shop_id == shop_id, inbox.c.id == inbox_id)
    touched = await unit.run(
        update(inbox)
        .where(*mine, inbox.c.status == "parked")
        .values(status="new", attempts=0, note="", done_at=None)
    )
    if touched == 0:
        status = await unit.value(select(inbox.c.status).where(*mine))
        if status is None:
            raise NotFound("The shop has no such event.", code="no-event")
        raise Conflict(f"This event is {status}: only a parked one is retried.", code="not-parked")
    unit.ring(BELL)
