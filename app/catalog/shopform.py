"""The shop file as it is written, and everything that can be wrong with it before a database is
asked. `docs/shop-file.md` describes every field.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from babel import Locale, UnknownLocaleError
from babel.numbers import is_currency
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.catalog.forms import SLUG, CampaignForm, ProductForm, VariantForm
from app.core.catalogue import Membership, Option, ShippingRate, Tier, Words
from app.merchants.create_shop import ShopForm
from app.merchants.settings import ShopSettings

Secret = str | None  # None: `${NAME}` is not set here, so what is stored stays


def _known_locale(value: str) -> str:
    try:
        Locale.parse(value.replace("-", "_"))
    except (ValueError, UnknownLocaleError) as error:
        raise ValueError("is not a language, such as ko or en") from error
    return value


def _known_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("is not a time zone, such as Asia/Seoul")
    return value


def _known_currency(value: str) -> str:
    if not is_currency(value):
        raise ValueError("is not an ISO 4217 currency, such as KRW")
    return value


def _slug(value: str) -> str:
    if not SLUG.fullmatch(value):
        raise ValueError("use small letters, digits and hyphens, such as hanok")
    return value


def _web_address(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("must begin with https:// (or http:// on your own machine)")
    return value.rstrip("/")


SlugText = Annotated[str, AfterValidator(_slug)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
WordsText = dict[str, str] | str
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Moment = Annotated[datetime, Field(strict=False)] | Annotated[date, Field(strict=False)]
Pieces = Annotated[int, Field(ge=0)]


class Part(BaseModel):
    """Base: a field that is not known is a typing error, not a wish."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ShopPart(Part):
    """`shop:`"""

    slug: SlugText
    name: str = Field(min_length=1)
    locale: Annotated[str, AfterValidator(_known_locale)] = "ko"
    currency: Annotated[str, AfterValidator(_known_currency)] = "KRW"
    country: Country = "KR"
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Seoul"
    hold_minutes: int = Field(15, ge=1, le=24 * 60)
    max_quantity: int = Field(20, ge=1, le=1000)
    ask_email: bool = True
    person_minutes: int = Field(30, ge=1, le=24 * 60)
    wording: dict[str, dict[str, str]] = {}


class AccountPart(Part):
    """An account: whatever is not named here is one of its secrets."""

    model_config = ConfigDict(extra="allow", strict=True)
    __pydantic_extra__: dict[str, Secret] = Field(init=False)

    api_url: WebAddress | None = None

    @property
    def secrets(self) -> dict[str, Secret]:
        """The secrets by name."""
        return dict(self.__pydantic_extra__)


class ChannelPart(AccountPart):
    """One of `channels:`"""

    channel: SlugText
    account: str = Field(min_length=1)


class PaymentPart(AccountPart):
    """One of `payments:`"""

    provider: SlugText


class HandOffPart(Part):
    """`membership.hand_off:`"""

    url: WebAddress
    secret: Secret = None


class OptionPart(Part):
    name: WordsText
    values: list[str]
    labels: dict[str, WordsText] = {}


class VariantPart(Part):
    sku: str
    price: Pieces
    values: list[str] = []
    stock: Pieces = 0
    weight: Pieces = 0


class ProductPart(Part):
    """One of `products:`"""

    slug: str
    title: WordsText
    description: WordsText = {}
    image: WebAddress | None = None
    options: list[OptionPart] = []
    variants: list[VariantPart]

    def form(self, locale: str) -> ProductForm:
        """The same as the catalogue takes it."""
        return ProductForm(
            slug=self.slug,
            title=worded(self.title, locale),
            description=worded(self.description, locale),
            image=self.image,
            options=tuple(
                Option(
                    worded(each.name, locale),
                    tuple(each.values),
                    {value: worded(words, locale) for value, words in each.labels.items()},
                )
                for each in self.options
            ),
            variants=tuple(
                VariantForm(each.sku, each.price, tuple(each.values), each.stock, each.weight)
                for each in self.variants
            ),
        )


class CampaignPart(Part):
    """One of `campaigns:`"""

    slug: str
    hashtag: str
    products: list[str]
    starts: Moment | None = None
    ends: Moment | None = None
    public_reply: WordsText = {}
    express: bool = False

    def form(self, locale: str, timezone: str) -> CampaignForm:
        """The same as the catalogue takes it."""
        return CampaignForm(
            slug=self.slug,
            hashtag=self.hashtag,
            products=tuple(self.products),
            starts=_moment(self.starts, timezone),
            ends=_moment(self.ends, timezone),
            public_reply=worded(self.public_reply, locale),
            express=self.express,
        )


class ShippingPart(Part):
    """One of `shipping:`"""

    name: WordsText
    price: Pieces
    slug: str | None = None
    free_over: Pieces | None = None
    countries: list[Country] = []

    def rate(self, locale: str) -> ShippingRate:
        """The same as the dialog knows it; without a slug its name is its id."""
        name = worded(self.name, locale)
        own = self.slug or "-".join(next(iter(name.values()), "").lower().split())
        return ShippingRate(own, name, self.price, self.free_over, tuple(self.countries))


class TierPart(Part):
    name: str = Field(min_length=1)
    threshold: Pieces = Field(alias="from")


class MembershipPart(Part):
    """`membership:`"""

    earn_percent: int = Field(0, ge=0, le=100)
    tiers: list[TierPart] = []
    built_in: bool = True
    hand_off: HandOffPart | None = None


class ShopFile(Part):
    """The whole file."""

    shop: ShopPart
    channels: list[ChannelPart] = []
    products: list[ProductPart] = []
    campaigns: list[CampaignPart] = []
    shipping: list[ShippingPart] = []
    payments: list[PaymentPart] = []
    membership: MembershipPart | None = None

    def form(self) -> ShopForm:
        """The shop's own row."""
        shop = self.shop
        settings = ShopSettings(
            payments=tuple(each.provider for each in self.payments),
            shipping=tuple(each.rate(shop.locale) for each in self.shipping),
            membership=_membership(self.membership),
            hold_minutes=shop.hold_minutes,
            max_quantity=shop.max_quantity,
            ask_email=shop.ask_email,
            person_minutes=shop.person_minutes,
            wording=shop.wording,
        )
        own: dict[str, Any] = shop.model_dump(include=set(ShopForm.__struct_fields__))
        return msgspec.structs.replace(msgspec.convert(own, ShopForm), settings=settings)


def worded(text: WordsText, locale: str) -> Words:
    """Words in their languages; plain text is in the shop's own."""
    if isinstance(text, str):
        return {locale: text} if text else {}
    return text


def _membership(part: MembershipPart | None) -> Membership | None:
    if part is None:
        return None
    tiers = sorted((Tier(each.name, each.threshold) for each in part.tiers), key=_threshold)
    return Membership(part.earn_percent, tuple(tiers), part.built_in)


def _threshold(tier: Tier) -> int:
    return tier.threshold


def _moment(value: datetime | date | None, timezone: str) -> datetime | None:
    """A day begins, and a time without offset is meant, where the shop is."""
    if value is None:
        return None
    if not isinstance(value, datetime):
        value = datetime.combine(value, time.min)
    return value if value.tzinfo else value.replace(tzinfo=ZoneInfo(timezone))
