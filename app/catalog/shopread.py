"""Reading a shop file: `${NAME}` from the environment, then every complaint at once, each with the
place in the file and what to do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from app.catalog.forms import Complaint, campaign_complaints, product_complaints
from app.catalog.shopform import ShopFile
from app.core.errors import Rejected

NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
NOT_SECRET = {
    "channels": {"channel", "account", "api_url"},
    "payments": {"provider", "api_url"},
    "hand_off": {"url", "api_url"},
}


class BadShopFile(Rejected):
    """What is wrong with the file, a line for each place."""

    code = "shop-file"

    def __init__(self, complaints: list[Complaint]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("\n".join(f"{path or 'file'}: {text}" for path, text in complaints))


def read_shop(
    data: object, environment: Mapping[str, str], *, production: bool = False
) -> tuple[ShopFile, dict[str, str]]:
    """The file, checked whole; and the secrets (by path) whose `${NAME}` is not set, with the name.

    Raises `BadShopFile`.
    """
    unset: dict[str, str] = {}
    complaints: list[Complaint] = []
    filled = _fill(data, (), environment, unset, complaints)
    if not isinstance(filled, dict):
        raise BadShopFile([("", "must hold shop:, products: and so on; see docs/shop-file.md")])
    try:
        file = ShopFile.model_validate(filled)
    except ValidationError as error:
        known = dict(complaints)
        others = [each for each in _explained(error) if each[0] not in known]
        raise BadShopFile([*complaints, *others]) from error
    complaints += _cross_complaints(file)
    if production:
        complaints += _plain_addresses(file)
    if complaints:
        raise BadShopFile(complaints)
    return file, unset


def _fill(
    value: object,
    path: tuple[str | int, ...],
    environment: Mapping[str, str],
    unset: dict[str, str],
    complaints: list[Complaint],
) -> object:
    """A copy with every `${NAME}` replaced; a secret whose name is not set becomes None."""
    if isinstance(value, dict):
        return {
            str(name): _fill(part, (*path, str(name)), environment, unset, complaints)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [
            _fill(part, (*path, at), environment, unset, complaints)
            for at, part in enumerate(value)
        ]
    if not isinstance(value, str):
        return value
    missing = [name for name in NAME.findall(value) if not environment.get(name)]
    if not missing:
        return NAME.sub(lambda found: environment[found.group(1)], value)
    if _is_secret(path):
        unset[written(path)] = missing[0]
        return None
    complaints.append((written(path), f"set {missing[0]} in the environment, or write the value"))
    return value


def _is_secret(path: tuple[str | int, ...]) -> bool:
    match path:
        case ("channels" | "payments" as part, int(), str(name)):
            return name not in NOT_SECRET[part]
        case ("membership", "hand_off", str(name)):
            return name not in NOT_SECRET["hand_off"]
        case _:
            return False


def written(path: tuple[str | int, ...]) -> str:
    """A place in the file as its reader writes it: `products[0].variants[1].price`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


_ADVICE = {
    "missing": "is missing",
    "extra_forbidden": "is not known here: a typing error? See docs/shop-file.md",
    "string_type": "must be text: write it in quotes",
    "int_type": "must be a whole number, without quotes",
    "bool_type": "must be true or false",
    "list_type": "must be a list: a line with - for each",
    "dict_type": "must be a mapping such as {ko: …, en: …}",
}


def _explained(error: ValidationError) -> list[Complaint]:
    found: dict[str, str] = {}
    for each in error.errors(include_url=False):
        # pydantic names the branch of a union as if it were a field of the file
        path = written(tuple(part for part in each["loc"] if part not in _BRANCHES))
        text = _ADVICE.get(each["type"]) or each["msg"].removeprefix("Value error, ")
        found.setdefault(path, text)
    return list(found.items())


_BRANCHES = {"str", "dict[str,str]", "datetime", "date", "function-after[_web_address(), str]"}


def _cross_complaints(file: ShopFile) -> Iterator[Complaint]:
    """What no part can see by itself."""
    locale = file.shop.locale
    for at, product in enumerate(file.products):
        for path, text in product_complaints(product.form(locale)):
            yield f"products[{at}].{path}", text
    for at, campaign in enumerate(file.campaigns):
        for path, text in campaign_complaints(campaign.form(locale, file.shop.timezone)):
            yield f"campaigns[{at}].{path}", text
    yield from _unknown_products(file)
    for path, name in _repeated(file):
        yield path, f"{name!r} is there twice: every one needs its own"


def _unknown_products(file: ShopFile) -> Iterator[Complaint]:
    known = {product.slug for product in file.products}
    for at, campaign in enumerate(file.campaigns):
        for number, slug in enumerate(campaign.products):
            if slug not in known:
                path = f"campaigns[{at}].products[{number}]"
                yield path, f"there is no product {slug!r} in this file"


def _plain_addresses(file: ShopFile) -> Iterator[Complaint]:
    """Addresses that a house open to the world must not call."""
    hand_off = file.membership.hand_off if file.membership else None
    addresses = {f"channels[{at}].api_url": each.api_url for at, each in enumerate(file.channels)}
    addresses |= {f"payments[{at}].api_url": each.api_url for at, each in enumerate(file.payments)}
    addresses |= {f"products[{at}].image": each.image for at, each in enumerate(file.products)}
    addresses["membership.hand_off.url"] = hand_off.url if hand_off else None
    for path, address in addresses.items():
        if address and not address.startswith("https://"):
            yield path, "must begin with https:// in production"


def _repeated(file: ShopFile) -> Iterator[tuple[str, str]]:
    rates = [each.rate(file.shop.locale).id for each in file.shipping]
    tiers = file.membership.tiers if file.membership else []
    lists: dict[str, list[Any]] = {
        "products": [each.slug for each in file.products],
        "campaigns": [each.slug for each in file.campaigns],
        "payments": [each.provider for each in file.payments],
        "shipping": rates,
        "channels": [f"{each.channel} {each.account}" for each in file.channels],
        "membership.tiers": [each.name for each in tiers],
        "products[].variants[].sku": [
            variant.sku for each in file.products for variant in each.variants
        ],
    }
    for path, names in lists.items():
        yield from ((path, name) for name, count in Counter(names).items() if count > 1)
