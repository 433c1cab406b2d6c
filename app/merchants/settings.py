"""What a shop decides for itself, as one document on its row."""

from __future__ import annotations

import msgspec

from app.core.dialog.facts import Membership, ShippingRate, Words


class ShopSettings(msgspec.Struct, frozen=True, omit_defaults=True):
    """Rules of a shop beside its catalogue. `wording` is language -> message key -> words.

    A membership store outside is no setting but an account of channel `store:…`.
    """

    payments: tuple[str, ...] = ()
    shipping: tuple[ShippingRate, ...] = ()
    membership: Membership | None = None
    hold_minutes: int = 15
    max_quantity: int = 20
    ask_email: bool = True
    person_minutes: int = 30
    wording: dict[str, Words] = {}
