"""A coffee shop in Seoul, as the pure core sees it: what the tests of the dialog sell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.core.catalogue import (
    Campaign,
    Membership,
    Option,
    Product,
    ShippingRate,
    Shop,
    Tier,
    Variant,
)
from app.core.outbound import Limits

START = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)  # 14:00 in Seoul

COLOUR = Option(
    {"ko": "색상", "en": "colour"},
    ("black", "white"),
    {"black": {"ko": "블랙", "en": "black"}, "white": {"ko": "화이트", "en": "white"}},
)
MUG = Product(
    "p-mug",
    "moon-mug",
    {"ko": "달항아리 머그", "en": "Moon mug"},
    {"ko": "손으로 빚은 350 ml 머그예요.", "en": "A hand-thrown 350 ml mug."},
    "https://shop.example/moon-mug.jpg",
    (COLOUR,),
    (
        Variant("v-mug-b", "MM-B", ("black",), 15000),
        Variant("v-mug-w", "MM-W", ("white",), 15000),
    ),
)
DRIP = Product(
    "p-drip",
    "drip-bag",
    {"ko": "드립백", "en": "Drip bag"},
    {"ko": "갓 볶은 원두예요.", "en": "Freshly roasted."},
    None,
    (
        Option(
            {"ko": "로스팅", "en": "roast"},
            ("light", "dark"),
            {"light": {"ko": "라이트", "en": "light"}, "dark": {"ko": "다크", "en": "dark"}},
        ),
        Option({"ko": "개입", "en": "pack"}, ("10", "30")),
    ),
    (
        Variant("v-drip-l10", "DB-L-10", ("light", "10"), 12000),
        Variant("v-drip-l30", "DB-L-30", ("light", "30"), 30000),
        Variant("v-drip-d10", "DB-D-10", ("dark", "10"), 12000),
        Variant("v-drip-d30", "DB-D-30", ("dark", "30"), 30000),
    ),
)
CANDLE = Product(
    "p-candle",
    "candle",
    {"ko": "향초", "en": "Candle"},
    {"ko": "", "en": ""},
    None,
    (),
    (Variant("v-candle", "CA", (), 22000),),
)

PUBLIC = {"ko": "DM을 확인해 주세요 💌", "en": "check your DM 💌"}

INSTAGRAM = Limits(
    text=1000,
    text_unit="bytes",
    buttons=3,
    button_text=640,
    quick_replies=13,
    cards=10,
    window=86_400,
    comment_window=7 * 86_400,
    public_reply=True,
)
PLAIN = Limits(text=4000, buttons=0, url_buttons=False, comment_buttons=False)


def hanok(locale: str = "ko", **changes: object) -> Shop:
    """The shop. Keyword arguments replace its fields."""
    fields: dict[str, object] = {
        "id": "s-1",
        "slug": "hanok",
        "name": "한옥 커피" if locale == "ko" else "Hanok Coffee",
        "locale": locale,
        "currency": "KRW",
        "country": "KR",
        "timezone": "Asia/Seoul",
        "version": 1,
        "products": {x.id: x for x in (MUG, DRIP, CANDLE)},
        "campaigns": (
            Campaign("c-mug", "moonmug", "#moonmug", (MUG.id,), public_reply=PUBLIC),
            Campaign("c-autumn", "autumn", "#가을드립", (DRIP.id,), public_reply=PUBLIC),
            Campaign("c-all", "hanok", "#한옥", (MUG.id, DRIP.id)),
            Campaign("c-fast", "fast", "#fastmug", (MUG.id,), express=True, public_reply=PUBLIC),
            Campaign("c-soon", "soon", "#곧", (MUG.id,), starts=START + timedelta(days=3)),
            Campaign("c-past", "past", "#지난", (MUG.id,), ends=START - timedelta(days=3)),
        ),
        "shipping": (ShippingRate("r-1", {"ko": "택배", "en": "parcel"}, 3000, 50_000, ("KR",)),),
        "payments": ("sandbox",),
        "membership": Membership(1, (Tier("green", 0), Tier("gold", 300_000))),
    }
    return Shop(**{**fields, **changes})  # type: ignore[arg-type]


STOCK = {
    "v-mug-b": 12,
    "v-mug-w": 12,
    "v-drip-l10": 5,
    "v-drip-l30": 5,
    "v-drip-d10": 1,
    "v-drip-d30": 50,
    "v-candle": 3,
}
