"""Writes that touch a chat or an order go through the inbox, and wait for what comes of it."""

from __future__ import annotations

from app.core.errors import Broken, Conflict, DangolError, NotFound, Rejected
from app.core.inbound import AnyEvent
from app.inbox.arrival import from_house
from app.inbox.outcome import await_outcome
from app.inbox.pages import Heard, event_of
from app.inbox.read import inbox_id_of
from app.web.api.caller import Caller

HOUSE = "house"
REFUSALS: dict[str, type[DangolError]] = {
    "no-order": NotFound,
    "not-captured": Rejected,
    "currency": Rejected,
}


async def ask(caller: Caller, lane_id: str, event: AnyEvent) -> tuple[Heard, bool]:
    """Puts the event into its lane; its row, and whether it is done. Raises what refused it.

    The same request under the same Idempotency-Key is the same event, however often it is tried.
    """
    context, engine = caller.context, caller.context.engine
    key, now = _key(caller), engine.clock.now()
    arrival = from_house(caller.shop_id, f"lane:{lane_id}", key, event, now)
    [inbox_id] = await context.acceptor.accept([arrival])
    if inbox_id is None:
        async with engine.read() as unit:
            inbox_id = await inbox_id_of(unit, caller.shop_id, HOUSE, "", arrival.key)
    if inbox_id is None:
        raise Conflict("This was asked for and is over.", code="conflict")
    outcome = await await_outcome(engine, inbox_id, context.settings.wait_seconds)
    if outcome is not None:
        _raise_refusal(outcome)
    async with engine.read() as unit:
        return await event_of(unit, caller.shop_id, inbox_id), outcome is not None


def _key(caller: Caller) -> str:
    claim = caller.claim
    if claim is None:
        engine = caller.context.engine
        return f"api:{engine.ids.new('req', engine.clock.now())}"
    return f"api:{claim.place.key_id}:{claim.since.isoformat()}:{claim.asked}"


def _raise_refusal(outcome: dict[str, str]) -> None:
    match outcome.get("code"):
        case "refused":
            code = outcome.get("error", "conflict")
            text = outcome.get("text", "It was refused.")
            raise REFUSALS.get(code, Conflict)(text, code=code)
        case "parked":
            raise Broken("It could not be worked off and was set aside.", code="event-parked")
