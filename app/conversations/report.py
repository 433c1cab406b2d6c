"""What a finished send has to tell the house comes back as an inbox event, in the same commit."""

from __future__ import annotations

from typing import Literal

from app.core.inbound import SendReported
from app.core.outbound import Answered
from app.db.unit import Unit
from app.inbox.accept import put
from app.inbox.arrival import Arrival, from_house
from app.outbox.claim import Claimed
from app.payments.heard import heard, unheard

Outcome = Literal["sent", "refused", "dead", "expired"]
OUTCOMES: dict[str, Outcome] = {
    "sent": "sent",
    "unknown": "sent",  # it may have arrived: the conversation goes on as if it had
    "refused": "refused",
    "expired": "expired",
    "dropped": "dead",
    "dead": "dead",
}


async def report(
    unit: Unit, row: Claimed, status: str, answered: Answered | None, error: str, rule: str | None
) -> None:
    """Puts what a provider answered, or what became of a reported send, into the inbox."""
    arrivals: list[Arrival] = []
    told = heard(row.job, answered) if answered is not None else ()
    if status in ("dead", "refused", "expired"):
        told = unheard(row.job, error)
    arrivals.extend(
        from_house(row.shop_id, one.address, one.key, one.event, unit.now) for one in told
    )
    if row.report and row.lane_id:
        event = SendReported(
            outbox_id=row.id,
            purpose=row.purpose,
            outcome=OUTCOMES[status],
            recipient=answered.recipient if answered is not None else None,
            reason=error,
            rule=rule,
        )
        key = f"send:{row.key}"
        arrivals.append(from_house(row.shop_id, f"lane:{row.lane_id}", key, event, unit.now))
    if arrivals:
        await put(unit, arrivals)
