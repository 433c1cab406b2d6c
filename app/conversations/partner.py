"""Noticing that an event proves two lanes to be one person, and joining them."""

from __future__ import annotations

from typing import Literal

from app.conversations.join import join
from app.conversations.store import Chat, save_chats
from app.core.inbound import AnyEvent, SendReported, Tapped
from app.db.unit import Unit
from app.inbox.arrival import fit
from app.inbox.bind import bind, lane_at
from app.inbox.join import lane_with_token
from app.inbox.turns import lock_lanes
from app.merchants.read import account_by_id


async def join_if_proved(
    unit: Unit, chat: Chat, event: AnyEvent
) -> Literal["joined", "busy"] | None:
    """Joins the lanes when this event proves it; `busy` when the other lane is being worked on.

    Two proofs count: a tap on a button that we put into another lane's message, and the platform's
    own word about whom our private reply to a comment reached.
    """
    shop_id = chat.lane.shop_id
    partner: str | None = None
    match event:
        case Tapped(token=token) if "." in token:
            owner = token.partition(".")[0]
            if owner != chat.lane.token:
                partner = await lane_with_token(unit, shop_id, owner)
        case SendReported(recipient=str(recipient)) if recipient and chat.channel:
            account = await _external_account(unit, chat)
            address = fit(f"{chat.channel}:{account}:user:{recipient}")
            partner = await lane_at(unit, shop_id, address)
            if partner is None:
                await bind(unit, shop_id, address, chat.lane.id)
    if partner is None or partner == chat.lane.id:
        return None
    held = await lock_lanes(unit, [partner])
    if not held:
        return "busy"
    await save_chats(unit, [chat])  # what earlier events of this batch did must be there to move
    await join(unit, shop_id, chat.lane, held[0])
    return "joined"


async def _external_account(unit: Unit, chat: Chat) -> str:
    account = await account_by_id(unit, chat.account_id)
    return account.external_id if account is not None else ""
