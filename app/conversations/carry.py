"""Carrying out what a step wants, through the verbs of the slices."""

from __future__ import annotations

import msgspec

from app.catalog.hold import hold_stock
from app.catalog.release import release_holds
from app.conversations.links import open_link
from app.conversations.say import say
from app.conversations.show import shown_cart
from app.conversations.work import Work
from app.core.dialog.wants import (
    AddressSaved,
    Answer,
    AnyWant,
    CallPerson,
    CancelTimer,
    FinishPerson,
    HoldStock,
    LeaveOrder,
    LinkOpened,
    OpenAddressForm,
    OpenPayLink,
    PlaceOrder,
    ReleaseHolds,
    Result,
    SaveAddress,
    Say,
    SetConsent,
    SetLanguage,
    SetTimer,
    StartPayment,
)
from app.core.errors import Broken
from app.core.masking import mask_address
from app.members.address import save_address
from app.members.consent import set_consent
from app.members.contact import Contact, meet, person, set_language
from app.payments.check_out import check_out
from app.payments.leave import leave
from app.payments.start import start
from app.timers.set_timer import cancel_timer, set_timer


async def carry_out(work: Work, want: AnyWant) -> Result | None:
    """Does it; the result for wants that have one."""
    match want:
        case Say():
            await say(work, want)
        case HoldStock() | ReleaseHolds() | LeaveOrder():
            return await _stock(work, want)
        case SetTimer() | CancelTimer():
            await _timer(work, want)
        case OpenPayLink() | OpenAddressForm():
            return await _link(work, want)
        case PlaceOrder() | StartPayment():
            return await _order(work, want)
        case SaveAddress() | SetLanguage() | SetConsent():
            return await _contact(work, want)
        case CallPerson() | FinishPerson() | Answer():
            _note(work, want)
    return None


def _note(work: Work, want: CallPerson | FinishPerson | Answer) -> None:
    match want:
        case CallPerson(reason=reason):
            work.chat.reason, work.chat.waiting_since = reason, work.unit.now
            work.unit.ring(f"shop:{work.shop.id}")
        case FinishPerson():
            work.chat.reason, work.chat.waiting_since = "", None
        case Answer(code=code, args=args):
            work.outcome = {**args, "code": code}


async def _stock(work: Work, want: HoldStock | ReleaseHolds | LeaveOrder) -> Result | None:
    unit, shop_id, lane_id = work.unit, work.shop.id, work.chat.lane.id
    match want:
        case HoldStock(lines=lines, until=until):
            return await hold_stock(unit, shop_id, lane_id, lines, until)
        case ReleaseHolds():
            await release_holds(unit, shop_id, lane_id)
        case LeaveOrder():
            await leave(unit, work.shop, lane_id)
            work.person_changed = True
    return None


async def _timer(work: Work, want: SetTimer | CancelTimer) -> None:
    shop_id, address = work.shop.id, work.chat.address
    match want:
        case SetTimer(name=name, due=due):
            await set_timer(work.unit, shop_id, address, name, due)
        case CancelTimer(name=name):
            await cancel_timer(work.unit, shop_id, address, name)


async def _link(work: Work, want: OpenPayLink | OpenAddressForm) -> LinkOpened:
    unit, shop, lane_id = work.unit, work.shop, work.chat.lane.id
    match want:
        case OpenPayLink(cart_version=version, expires_at=expires):
            body = shown_cart(shop, work.chat.state)
            token = await open_link(unit, shop.id, lane_id, "pay", body, expires, version)
            return LinkOpened(work.house.pages.pay(token), expires)
        case OpenAddressForm(expires_at=expires):
            language = work.chat.state.language or shop.locale
            body = {"language": language, "country": shop.country}
            token = await open_link(unit, shop.id, lane_id, "address", body, expires)
            return LinkOpened(work.house.pages.address(token), expires)
    raise Broken("no such link")


async def _order(work: Work, want: PlaceOrder | StartPayment) -> Result | None:
    unit, shop = work.unit, work.shop
    match want:
        case PlaceOrder():
            work.person_changed = True
            return await check_out(unit, shop, work.chat.lane.id, _reader(work), want)
        case StartPayment(order_id=order_id, provider=provider, expires_at=expires):
            await start(unit, shop, order_id, provider, expires, work.house.pages)
    return None


def _reader(work: Work) -> Contact:
    """The contact with the language of this chat: the order's words are in it."""
    language = work.chat.state.language or work.contact.language
    return msgspec.structs.replace(work.contact, language=language)


async def _contact(work: Work, want: SaveAddress | SetLanguage | SetConsent) -> AddressSaved | None:
    match want:
        case SaveAddress(address=address, email=email):
            work.person_changed = True
            await _call_by(work, address.name)
            label = mask_address(address)
            return await save_address(work.unit, work.contact, address, email, label)
        case SetLanguage(language=language):
            await set_language(work.unit, work.contact, language)
        case SetConsent(purpose=purpose, given=given):
            work.person_changed = True
            await set_consent(work.unit, work.contact, purpose, given, source="chat")
    return None


async def _call_by(work: Work, name: str) -> None:
    """They are called as they first said: a later parcel may be for somebody else."""
    unit, shop, one = work.unit, work.shop, work.contact
    if not (await person(unit, shop, one)).name:
        place = (shop.id, one.lane_id, one.channel, one.account_id, one.external_id)
        await meet(unit, *place, name=name)
