"""A postal address as the house keeps it, whatever country it is in."""

from __future__ import annotations

import msgspec


class Address(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who and where. `country` is ISO 3166-1 alpha-2, `phone` is E.164 (`+821012345678`).

    `line1` is the street line (Korean road name or lot, Japanese block, US street), `line2` the
    detail (floor, flat). `region` is the state, prefecture or 시/도.
    """

    name: str
    country: str
    line1: str
    phone: str = ""
    postcode: str = ""
    region: str = ""
    city: str = ""
    line2: str = ""
