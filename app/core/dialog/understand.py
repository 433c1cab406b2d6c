"""What a text says about a purchase: campaigns, product, options, quantity, intents, language."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

import msgspec

from app.core.dialog.amounts import Amount, amounts
from app.core.dialog.campaigns import Match, find, without_tags
from app.core.dialog.facts import Option, Product, Shop
from app.core.dialog.lexicon import intents, known_words, lexicons, remembers_address
from app.core.dialog.plain import alike, has_hangul, plain, words


class Heard(msgspec.Struct, frozen=True):
    """One text, understood as far as it goes. Nothing here is believed before it is shown back.

    `number` is set when the message is a number and nothing else, `choice` for "the second one",
    `quantity` for "두 개". `values` maps the position of an option of the product to its value.
    """

    text: str
    plain: str
    matches: tuple[Match, ...] = ()
    intents: tuple[str, ...] = ()
    product_id: str = ""
    values: dict[str, str] = {}
    quantity: int | None = None
    number: int | None = None
    choice: int | None = None
    last_address: bool = False
    language: str = ""

    def has(self, *wanted: str) -> str:
        """The first of these intents that the text carries, in their order of weight."""
        return next((x for x in self.intents if x in wanted), "")

    @property
    def slots(self) -> bool:
        """Does it name anything to be bought?"""
        return bool(self.product_id or self.values or self.quantity is not None)


def read(text: str, shop: Shop, now: datetime, products: list[Product]) -> Heard:
    """Reads a text. `products` are those the chat is about, the one being chosen first."""
    cleaned = without_tags(text, shop)
    tokens = words(cleaned)
    used: set[int] = set()
    named = _product(tokens, shop, products, used)
    about = [named] if named is not None else products
    values: dict[str, str] = {}
    owner = named
    for product in about:
        values = _values(tokens, product, used)
        if values:
            owner = product
            break
    found = amounts(tokens, frozenset(used))
    numbers = [x for x in found if not used & set(range(x.start, x.end))]
    counted = _quantity(numbers, bool(values or named or used))
    alone = _alone(numbers, tokens)
    return Heard(
        text=text,
        plain=cleaned,
        matches=tuple(find(text, shop, now)),
        intents=intents(cleaned),
        product_id=owner.id if owner is not None else "",
        values=values,
        quantity=counted,
        number=alone,
        choice=next((x.value for x in numbers if x.kind == "choice"), None),
        last_address=remembers_address(cleaned),
        language=language_of(tokens, used | {y for x in found for y in range(x.start, x.end)}),
    )


def _quantity(numbers: list[Amount], bare_counts: bool) -> int | None:
    """How many. A number without a unit counts when something to buy stands beside it."""
    for amount in reversed(numbers):  # "두 개 말고 세 개": the last word counts
        if amount.kind == "count" or (amount.kind == "bare" and bare_counts):
            return amount.value
    return None


def _alone(numbers: list[Amount], tokens: list[str]) -> int | None:
    if len(numbers) != 1 or numbers[0].kind not in {"bare", "count"}:
        return None
    polite = {x for lexicon in lexicons() for x in lexicon.polite}
    rest = [
        x
        for at, x in enumerate(tokens)
        if not numbers[0].start <= at < numbers[0].end and x not in polite
    ]
    return None if rest else numbers[0].value


# --- products -----------------------------------------------------------------------------------


def _product(
    tokens: list[str], shop: Shop, preferred: list[Product], used: set[int]
) -> Product | None:
    """The product whose title is named, whole or by a word that no other product has."""
    candidates = {x.id: x for x in [*preferred, *shop.products.values()]}
    scores: list[tuple[float, int, Product, set[int]]] = []
    for rank, product in enumerate(candidates.values()):
        for title in {*product.title.values(), product.slug.replace("-", " ")}:
            share, at = _title(tokens, words(plain(title)))
            scores.append((share, -rank, product, at))
    best = max(scores, key=lambda x: x[:2], default=None)
    if best is None or best[0] < 0.5:
        return None
    if best[0] < 1 and len({x[2].id for x in scores if x[0] == best[0]}) > 1:
        return None  # a word that several share names none of them
    used.update(best[3])
    return best[2]


def _title(tokens: list[str], title: list[str]) -> tuple[float, set[int]]:
    """What share of a title's words is named, and by which tokens. Blanks do not matter."""
    joined = "".join(title)
    found: set[int] = set()
    named: set[str] = set()
    for at, token in enumerate(tokens):
        for size in range(1, len(title) + 1):
            run = tokens[at : at + size]
            if len(joined) > 2 and _names("".join(run), joined):
                return 1.0, set(range(at, at + len(run)))
        hits = [x for x in title if _names(token, x)]
        if hits:
            found.add(at)
            named.update(hits)
    return len(named) / max(1, len(title)), found


def _names(token: str, word: str) -> bool:
    if has_hangul(word):
        short = token[: len(word)]
        return len(word) > 1 and (short == word or (len(word) >= 3 and alike(short, word)))
    singular = token[:-1] if token.endswith("s") and len(token) > 3 else token
    return singular == word.rstrip("s") or token == word or (len(word) >= 4 and alike(token, word))


# --- options ------------------------------------------------------------------------------------


def _values(tokens: list[str], product: Product, used: set[int]) -> dict[str, str]:
    """The option values named in a text, position as text -> value. Exact words beat mistyped."""
    found: dict[str, str] = {}
    for exact in (True, False):
        for at, option in enumerate(product.options):
            if str(at) in found:
                continue
            hit = _value(tokens, option, used, exact)
            if hit is not None:
                found[str(at)] = hit[0]
                used.update(hit[1])
    return found


def _value(
    tokens: list[str], option: Option, used: set[int], exact: bool
) -> tuple[str, set[int]] | None:
    best: tuple[int, str, set[int]] | None = None
    for value in option.values:
        for alias in aliases(option, value):
            at = _find(tokens, alias, used, exact)
            if at and (best is None or len(alias) > best[0]):
                best = (len(alias), value, at)
    return (best[1], best[2]) if best else None


def aliases(option: Option, value: str) -> tuple[str, ...]:
    """Every plain spelling of a value: as written, as labelled, its synonyms in every language."""
    return _synonyms((plain(value), *(plain(x) for x in option.labels.get(value, {}).values())))


@lru_cache(maxsize=2048)
def _synonyms(names: tuple[str, ...]) -> tuple[str, ...]:
    more = [y for x in names for lexicon in lexicons() for y in lexicon.values.get(x, ())]
    # A shop that writes 블랙 is understood when somebody types `black`, and the other way round.
    for lexicon in lexicons():
        for english, there in lexicon.values.items():
            if any(x in there for x in names):
                more.extend([english, *there])
    return tuple(dict.fromkeys([*names, *more]))


def _find(tokens: list[str], alias: str, used: set[int], exact: bool) -> set[int] | None:
    wanted = words(alias)
    size = len(wanted)
    for at in range(len(tokens) - size + 1):
        span = set(range(at, at + size))
        if not size or span & used:
            continue
        pairs = zip(wanted, tokens[at : at + size], strict=True)
        if all(_spelled(token, word, exact) for word, token in pairs):
            return span
    return None


def _spelled(token: str, word: str, exact: bool) -> bool:
    if word.isdigit():
        number = token.rstrip("".join(x for x in token if not x.isdigit()))
        return number == word and (token == word or _is_pack(token[len(word) :]))
    if has_hangul(word):
        short = token[: len(word)]
        return short == word if exact else len(word) >= 3 and alike(short, word)
    if token == word:
        return True
    return not exact and len(word) >= 4 and token not in known_words() and alike(token, word)


def _is_pack(rest: str) -> bool:
    return any(rest.startswith(x) for lexicon in lexicons() for x in lexicon.pack_units)


# --- language -----------------------------------------------------------------------------------

_ENGLISH_MARKS = {
    "please", "pls", "hello", "hi", "hey", "thanks", "the", "want", "yes", "would", "like",
    "can", "you", "i", "my", "is", "do", "how", "what", "where", "help",
}  # fmt: skip


def language_of(tokens: list[str], used: set[int]) -> str:
    """The language a person writes, or nothing when the words are too few to tell."""
    own = [x for at, x in enumerate(tokens) if at not in used and not x.isdigit()]
    korean = sum(has_hangul(x) for x in own)
    latin = [x for x in own if x.isascii() and x.isalpha()]
    if korean and korean >= len(latin):
        return "ko"
    if len(latin) > korean and (len(latin) >= 3 or any(x in _ENGLISH_MARKS for x in latin)):
        return "en"
    return ""
