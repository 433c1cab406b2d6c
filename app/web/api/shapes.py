"""The shapes that every form and answer is made of."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.types import StringConstraints

Shown = TypeVar("Shown", bound=BaseModel)


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("text may not contain the character U+0000")
    return text


# Every text has an end: databases and platforms have one too.
Name = Annotated[
    str, StringConstraints(min_length=1, max_length=190, strip_whitespace=True),
    AfterValidator(_storable),
]  # fmt: skip
Text = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_storable)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Url = Annotated[
    str, StringConstraints(pattern=r"^https?://[^\s/?#]+\S*$", max_length=2000),
    AfterValidator(_storable),
]  # fmt: skip
Words = Annotated[
    dict[Language, Text],
    Field(description="Language -> words.", examples=[{"ko": "달 머그", "en": "Moon mug"}]),
]
Amount = Annotated[
    int,
    Field(ge=0, le=10**12, description="Minor units of the shop's currency.", examples=[18000]),
]
Moment = Annotated[datetime, Field(examples=["2026-11-02T03:00:00Z"])]
Asked = Annotated[str, StringConstraints(max_length=190), AfterValidator(_storable)]
OneId = Annotated[str, StringConstraints(max_length=60), AfterValidator(_storable)]


class Form(BaseModel):
    """What a caller sends: nothing that is not described, so that a typing error is noticed."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """What a caller is shown, read off the slices' own structs."""

    model_config = ConfigDict(from_attributes=True)


class Page(Out, Generic[Shown]):
    """Some items of a list."""

    items: list[Shown]
    next_cursor: str | None = Field(
        description="Give it as `cursor` to go on; null when that was all.", examples=[None]
    )


class MoneyOut(Out):
    """An amount in minor units of a currency."""

    amount: int = Field(examples=[36000])
    currency: str = Field(examples=["KRW"])


class Problem(BaseModel):
    """What was wrong and what to do (RFC 9457)."""

    type: str = Field(examples=["/docs/errors#order-state"])
    title: str = Field(examples=["It changed, or its state does not allow this"])
    status: int = Field(examples=[409])
    detail: str = Field(examples=["Order 4K-219 is expired: only a paid order can be shipped."])
    code: str = Field(description="Stable; see `/docs/errors`.", examples=["order-state"])
    errors: list[FieldProblem] | None = Field(
        default=None, description="With the code `invalid`: each field that is not as it should be."
    )


class FieldProblem(BaseModel):
    """One field that is not as it should be."""

    where: str = Field(examples=["body"])
    field: str = Field(examples=["variants.0.price"])
    message: str = Field(examples=["Input should be greater than or equal to 0"])
    rule: str = Field(examples=["greater_than_equal"])
