"""A small shop with a till: what the tests of orders and payments stand on."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from msgspec.structs import replace
from sqlalchemy import select, text

from app.catalog.models import product, stock_movement, variant
from app.catalog.move import move_stock
from app.catalog.read import load_shop
from app.catalog.release import expire_holds
from app.core.addresses import Address
from app.core.catalogue import Membership, ShippingRate, Shop, Tier
from app.core.dialog.wants import OrderPlaced, OrderRefused, PlaceOrder
from app.core.inbound import (
    PaymentReported,
    RefundReported,
    SessionOpened,
    ShipmentMarked,
)
from app.core.masking import mask_address
from app.core.money import Money
from app.core.news import OrderNews
from app.core.ordering import OrderEvent
from app.db.unit import Unit
from app.engine.contract import Engine
from app.members.address import save_address
from app.members.consent import set_consent
from app.members.contact import Contact, contact_by_id, meet, people
from app.members.models import saved_address
from app.merchants.create_shop import ShopForm, create_shop
from app.merchants.put_account import put_account
from app.merchants.settings import ShopSettings
from app.orders.move import move
from app.orders.order import Filter, Order
from app.orders.read import list_orders, order_by_id
from app.orders.ship import ship
from app.outbox.claim import decode_job
from app.outbox.models import outbox
from app.payments.check_out import check_out
from app.payments.leave import leave
from app.payments.read import MoneyTrail, money_of
from app.payments.refund import cancel_order, refund_order, refund_reported
from app.payments.session import session_opened
from app.payments.settle import settle
from app.payments.start import start

SHOP = "hanok"
ADDRESS = Address(
    name="김미나",
    country="KR",
    line1="서울 강남구 테헤란로 152",
    line2="5층",
    postcode="06236",
    phone="+821023456789",
)
SHIPPING = ShippingRate("shp_parcel", {"ko": "택배", "en": "Parcel"}, 3000, 50_000, ("KR",))
MEMBERSHIP = Membership(1, (Tier("green", 0), Tier("gold", 300_000)))
PRICE = 15_000
TOTAL = Money(PRICE + 3000, "KRW")
HOLD = timedelta(minutes=15)
SESSION = timedelta(minutes=10)
VARIANT = "var_black"
SLICES = ("orders", "payments", "catalog", "members")


class Pages:
    """Addresses of our own pages."""

    def paid(self, token: str) -> str:
        return f"http://shop.test/pay/{token}/return"

    def notify(self, provider: str, account: str) -> str:
        return f"http://shop.test/hooks/pay/{provider}/{account}"


class Till:
    """The shop, and short ways to do what a shopper, a provider and a merchant do."""

    tick = timedelta(seconds=1)

    def __init__(self, engine: Engine, shop: Shop) -> None:
        self.engine = engine
        self.shop = shop

    @classmethod
    async def open(cls, engine: Engine, *, stock: int = 10, store: bool = True) -> Till:
        settings = ShopSettings(
            payments=("sandbox", "other"), shipping=(SHIPPING,), membership=MEMBERSHIP
        )
        async with engine.write() as unit:
            shop_id = await create_shop(unit, ShopForm(SHOP, "한옥 커피", settings=settings))
            for provider in settings.payments:
                await put_account(unit, shop_id, f"pay:{provider}", SHOP, {"webhook_secret": "x"})
            if store:
                await put_account(unit, shop_id, "store:webhook", SHOP, {"secret": "x"})
            await _stock(unit, shop_id, stock)
            shop = await load_shop(unit, shop_id)
        return cls(engine, shop)

    async def shopper(
        self, lane_id: str = "lan_mina", *, agrees: bool = True, address: Address = ADDRESS
    ) -> Contact:
        """A person in that chat, with an address."""
        async with self.engine.write() as unit:
            shop_id = self.shop.id
            contact = await meet(unit, shop_id, lane_id, "web", "acc_web", lane_id, "mina")
            await set_consent(unit, contact, "membership", agrees)
            label = mask_address(address)
            await save_address(unit, contact, address, "mina@example.com", label)
            return contact

    async def order(
        self,
        contact: Contact,
        *,
        version: int = 1,
        quantity: int = 1,
        provider: str = "sandbox",
        variant: str = VARIANT,
        shipping: str | None = SHIPPING.id,
        address: str | None = "theirs",
    ) -> OrderPlaced | OrderRefused:
        async with self.engine.write() as unit:
            known = await contact_by_id(unit, self.shop.id, contact.id)
            assert known is not None
            if address == "theirs":
                address = await unit.value(_address_of(contact))
            want = PlaceOrder(
                cart_version=version,
                lines=((variant, quantity),),
                shipping_id=shipping,
                address_id=address,
                until=unit.now + HOLD,
                provider=provider,
            )
            return await check_out(unit, self.shop, contact.lane_id, known, want)

    def dearer(self, price: int) -> None:
        """The price changes: what is sold from now on is sold from this snapshot."""
        product = self.shop.products["prd_mug"]
        dear = replace(product, variants=(replace(product.variants[0], price=price),))
        self.shop = replace(self.shop, products={"prd_mug": dear})

    async def holds_run_out(self) -> None:
        """Time passes until nothing is kept for anybody."""
        self.engine.clock.moment += HOLD + timedelta(minutes=1)  # type: ignore[attr-defined]
        async with self.engine.write() as unit:
            await expire_holds(unit)

    async def pay_page(self, order_id: str, provider: str = "sandbox") -> str:
        """The payment whose page the provider has opened."""
        payment_id = await self.ask_for_page(order_id, provider)
        await self.page_opened(payment_id)
        return payment_id

    async def ask_for_page(self, order_id: str, provider: str = "sandbox") -> str:
        async with self.engine.write() as unit:
            ends = unit.now + SESSION
            return await start(unit, self.shop, order_id, provider, ends, Pages())

    async def page_opened(self, payment_id: str) -> None:
        opened = SessionOpened(payment_id, f"ses_{payment_id}", "http://pay.test/x")
        async with self.engine.write() as unit:
            await session_opened(unit, self.shop.id, opened)

    async def ship(self, order_id: str, tracking: str = "6012345") -> str:
        """What marking it as shipped came to."""
        mark = ShipmentMarked(order_id, "CJ", tracking, "shop")
        async with self.engine.write() as unit:
            return " ".join(one.what for one in await ship(unit, self.shop, mark))

    async def ready(
        self,
        contact: Contact | None = None,
        *,
        version: int = 1,
        quantity: int = 1,
        provider: str = "sandbox",
    ) -> tuple[str, str]:
        """An order and its payment, the page open: ids of both."""
        placed = await self.order(
            contact or await self.shopper(), version=version, quantity=quantity, provider=provider
        )
        assert isinstance(placed, OrderPlaced), placed
        return placed.order_id, await self.pay_page(placed.order_id, provider)

    async def report(self, report: PaymentReported) -> tuple[OrderNews, ...]:
        async with self.engine.write() as unit:
            return await settle(unit, self.shop, report)

    async def captured(
        self, payment_id: str, capture_id: str = "cap_1", money: Money = TOTAL
    ) -> str:
        """What a capture came to: the news in one word each."""
        news = await self.report(PaymentReported(payment_id, "captured", capture_id, money))
        return " ".join(one.what for one in news)

    async def refund(self, order_id: str) -> str:
        """What a merchant's refund came to."""
        async with self.engine.write() as unit:
            news = await refund_order(unit, self.shop, order_id, "changed my mind", "shop")
        return " ".join(one.what for one in news)

    async def cancel(self, order_id: str) -> str:
        """What a merchant's cancelling came to."""
        async with self.engine.write() as unit:
            news = await cancel_order(unit, self.shop, order_id, "no stock", "shop")
        return " ".join(one.what for one in news)

    async def leave(self, lane_id: str) -> str:
        """What giving up in the chat came to."""
        async with self.engine.write() as unit:
            return " ".join(one.what for one in await leave(unit, self.shop, lane_id))

    async def bank(self, refund_id: str, outcome: str = "refunded") -> str:
        """The provider tells how a refund ended."""
        async with self.engine.write() as unit:
            report = RefundReported(refund_id, outcome, "rfd_1", "")  # type: ignore[arg-type]
            return " ".join(one.what for one in await refund_reported(unit, self.shop, report))

    async def bank_refunds(self, order_id: str) -> None:
        """The provider carries out every refund of the order that was asked."""
        for refund in (await self.trail(order_id)).refunds:
            await self.bank(refund.id)

    async def came(self, order_id: str) -> bool:
        """Did any money come for that order?"""
        return bool((await self.trail(order_id)).captures)

    async def move(self, order: Order, event: OrderEvent) -> Order:
        async with self.engine.write() as unit:
            return await move(unit, order, event, "test")

    async def points(self, lane_id: str) -> int:
        async with self.engine.read() as unit:
            return (await people(unit, self.shop, [lane_id]))[lane_id].person.points

    async def take_off_shelf(self, pieces: int) -> None:
        async with self.engine.write() as unit:
            await move_stock(unit, self.shop.id, VARIANT, -pieces, "counted", "test")

    async def next_version(self) -> int:
        """A cart version that has no order yet."""
        async with self.engine.read() as unit:
            return len((await list_orders(unit, self.shop.id, Filter(), limit=100)).items) + 1

    async def clear(self, order_id: str) -> None:
        """Ends the order, so that its pieces are on the shelf again."""
        if (await self.get(order_id)).state in ("paid", "awaiting_payment"):
            await self.cancel(order_id)

    async def spoiled(self, statement: str) -> list[str]:
        """What the audit says once that was done to the rows by hand; then it is undone."""
        async with self.engine.write() as unit:
            point = await unit.conn.begin_nested()
            await unit.run(text(statement))
            found = await self.audit(unit)
            await point.rollback()
        return found

    async def trail(self, order_id: str) -> MoneyTrail:
        async with self.engine.read() as unit:
            return await money_of(unit, self.shop.id, order_id)

    async def balance(self, order_id: str) -> int:
        """What came for that order, less what went back."""
        payments = (await self.trail(order_id)).payments
        return sum(one.captured - one.refunded for one in payments)

    async def get(self, order_id: str) -> Order:
        async with self.engine.read() as unit:
            order = await order_by_id(unit, self.shop.id, order_id)
            assert order is not None
            return order

    async def free(self) -> tuple[int, int]:
        """(on hand, held) of the one variant."""
        async with self.engine.read() as unit:
            row = await unit.row(select(variant.c.on_hand, variant.c.held))
            assert row is not None
            return row.on_hand, row.held

    async def jobs(self, purpose: str = "") -> list[object]:
        """The jobs in the outbox, oldest first."""
        async with self.engine.read() as unit:
            rows = await unit.rows(select(outbox.c.job, outbox.c.purpose).order_by(outbox.c.id))
            return [decode_job(row.job) for row in rows if purpose in ("", row.purpose)]

    async def broken(self) -> list[str]:
        """All that the audit of the slices below would say."""
        async with self.engine.read() as unit:
            return await self.audit(unit)

    async def audit(self, unit: Unit) -> list[str]:
        found = []
        for name in SLICES:
            for one in await import_module(f"app.{name}.checks").checks(unit):
                found += [f"{one.invariant}: {line}" for line in one.broken]
        return found


def _address_of(contact: Contact):
    return select(saved_address.c.id).where(saved_address.c.contact_id == contact.id)


async def _stock(unit: Unit, shop_id: str, stock: int) -> None:
    values = {
        "id": "prd_mug",
        "shop_id": shop_id,
        "slug": "mug",
        "title": {"ko": "달 머그", "en": "Moon mug"},
        "description": {},
        "image": None,
        "options": [{"name": {"en": "Colour"}, "values": ["black"]}],
        "position": 0,
        "active": True,
        "version": 1,
        "created_at": unit.now,
        "updated_at": unit.now,
    }
    await unit.run(product.insert().values(**values))
    await unit.run(
        variant.insert().values(
            id=VARIANT,
            shop_id=shop_id,
            product_id="prd_mug",
            sku="MUG-B",
            option_values=["black"],
            price=PRICE,
            weight=0,
            position=0,
            active=True,
            on_hand=stock,
            held=0,
        )
    )
    await unit.run(
        stock_movement.insert().values(
            shop_id=shop_id,
            variant_id=VARIANT,
            delta=stock,
            reason="opening",
            actor="test",
            at=unit.now,
        )
    )
