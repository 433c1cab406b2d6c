"""What a shop decides for itself, as one document on its row."""

from __future__ import annotations

import msgspec

from app.core.dialog.facts import Membership, ShippingRate, Words


class ShopSettings(msgspec.Struct, frozen=True, omit_defaults=True):
    """Rules of a shop beside its catalogue. `wording` is language -> message key -> words.

    `hand_off` names the kinds of membership store beside the built-in one that are told of orders;
    where they are and their secret is an account of channel `store:<kind>`.
    """

    payments: tuple[str, ...] = ()
    shipping: tuple[ShippingRate, ...] = ()
    membership: Membership | None = None
    hand_off: tuple[str, ...] = ()
    hold_minutes: int = 15
    max_quantity: int = 20
    ask_email: bool = True
    person_minutes: int = 30
    wording: dict[str, Words] = {}
