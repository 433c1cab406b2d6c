"""A batch of locked lanes: facts in bulk, each event in its turn, everything written in bulk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from app.catalog.read import free_stock
from app.conversations.house import House
from app.conversations.partner import join_if_proved
from app.conversations.store import Chat, load_chats, save_chats
from app.conversations.turn import seed_of, take_turn
from app.conversations.work import Work
from app.core.catalogue import Shop
from app.core.dialog.facts import Facts
from app.core.dialog.step import relevant_products
from app.core.inbound import AnyEvent, Commented, SendReported
from app.db.unit import Unit
from app.inbox.turns import Done, Due, Lane, finish, retry_lane
from app.journal.write import Entry, write
from app.members.contact import Met, meet, people
from app.merchants.read import account_at
from app.orders.read import orders_of_lanes

BUSY = 0.1  # seconds a lane rests whose partner somebody else holds


class Batch:
    """What a batch of one shop's lanes knows: chats, people and, as they are needed, stock."""

    def __init__(self, unit: Unit, house: House, shop: Shop, chats: dict[str, Chat]) -> None:
        self.unit = unit
        self.house = house
        self.shop = shop
        self.chats = chats
        self.met: dict[str, Met] = {}
        self.done: list[Done] = []
        self.entries: list[Entry] = []

    async def load(self, lane_ids: Sequence[str]) -> None:
        """People and their orders, a few statements for all these lanes."""
        met = await people(self.unit, self.shop, lane_ids)
        orders = await orders_of_lanes(self.unit, self.shop.id, lane_ids)
        for lane_id, one in met.items():
            known = msgspec.structs.replace(one.person, orders=orders.get(lane_id, ()))
            self.met[lane_id] = Met(one.contact, known)

    async def contact(self, chat: Chat, due: Due, event: AnyEvent) -> Met | None:
        """Who this is; somebody seen for the first time is met now. None where nobody is."""
        lane_id = chat.lane.id
        await self._route(chat, due, event)
        if lane_id not in self.met and chat.channel:
            _, _, external = due.address.split(":", 2)
            name = event.author_name if isinstance(event, Commented) else ""
            await meet(
                self.unit, self.shop.id, lane_id, chat.channel, chat.account_id,
                external.removeprefix("user:"), handle=name or "", name="",
            )  # fmt: skip
            await self.load([lane_id])
        return self.met.get(lane_id)

    async def _route(self, chat: Chat, due: Due, event: AnyEvent) -> None:
        """Answers go to where the person last was: channel, account and id."""
        if isinstance(event, SendReported) and event.recipient and not chat.recipient:
            chat.recipient, chat.changed = event.recipient, True
        parts = due.address.split(":", 2)
        if due.channel == "house" or len(parts) < 3:
            return
        if chat.channel != due.channel or not chat.account_id:
            account = await account_at(self.unit, due.channel, due.account)
            if account is None:
                return
            chat.channel, chat.account_id, chat.changed = due.channel, account.id, True
        kind, _, external = parts[2].partition(":")
        if kind == "user" and chat.recipient != external:
            chat.recipient, chat.changed = external, True

    async def facts(self, chat: Chat, met: Met, event: AnyEvent) -> Facts:
        """What this step may know."""
        wanted = relevant_products(chat.state, event, self.shop)
        stock = await free_stock(self.unit, self.shop.id, sorted(wanted)) if wanted else {}
        return Facts(
            now=self.unit.now,
            seed=seed_of(chat.lane.token, chat.seq + 1),
            shop=self.shop,
            person=met.person,
            limits=self.house.limits_of(chat.channel),
            channel=chat.channel,
            chat_token=chat.lane.token,
            stock=stock,
        )


async def handle(
    unit: Unit, house: House, lanes: Sequence[Lane], events: Mapping[str, Sequence[Due]]
) -> int:
    """Works off these events of these locked lanes; how many are done."""
    chats = await load_chats(unit, lanes)
    by_shop: dict[str, list[Lane]] = {}
    for lane in lanes:
        by_shop.setdefault(lane.shop_id, []).append(lane)
    count = 0
    for shop_id, group in by_shop.items():
        shop = await house.shop(unit, shop_id)
        batch = Batch(unit, house, shop, chats)
        await batch.load([lane.id for lane in group])
        for lane in group:
            await _lane(batch, lane, events.get(lane.id, ()))
        await save_chats(unit, [chats[lane.id] for lane in group])
        await write(unit, batch.entries)
        await finish(unit, batch.done)
        count += len(batch.done)
    for lane in lanes:
        unit.ring(f"lane:{lane.id}")
    return count


async def _lane(batch: Batch, lane: Lane, events: Sequence[Due]) -> None:
    chat = batch.chats[lane.id]
    for due in events:
        event = due.event()
        joined = await join_if_proved(batch.unit, chat, event)
        if joined is not None:
            if joined == "busy":
                await retry_lane(batch.unit, lane.id, BUSY)
            return  # the rest of its events come again, in the lane they belong to now
        await _event(batch, chat, due, event)


async def _event(batch: Batch, chat: Chat, due: Due, event: AnyEvent) -> None:
    met = await batch.contact(chat, due, event)
    if met is None:
        batch.done.append(Done(due.id, chat.lane.id, "ignored", "nobody is in this conversation"))
        return
    work = Work(batch.unit, batch.house, batch.shop, chat, met.contact, due.id)
    facts = await batch.facts(chat, met, event)
    await batch.unit.faults.reach("step.before")
    entry = await take_turn(work, due, event, facts)
    await batch.unit.faults.reach("step.after")
    if entry is not None:
        batch.entries.append(entry)
    batch.done.append(Done(due.id, chat.lane.id, outcome=work.outcome))
    if work.person_changed:
        await batch.load([chat.lane.id])
