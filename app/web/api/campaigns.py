"""Campaigns: the hashtags that open a conversation, and about which products."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import Path
from pydantic import AwareDatetime, Field
from starlette.responses import Response

from app.catalog.forms import CampaignForm as Wanted
from app.catalog.forms import campaign_complaints
from app.catalog.pages import campaign_by_id, page_of_campaigns, slug_taken, slugs_of
from app.catalog.put import put_campaign, retire_campaign
from app.catalog.read import CampaignRow
from app.core.errors import Conflict, NotFound, Rejected
from app.db.unit import Unit
from app.merchants.take import take_shop
from app.web.api.answers import listed
from app.web.api.caller import Caller, Calling
from app.web.api.cursors import Cursor, Limit
from app.web.api.endpoints import Endpoints
from app.web.api.products import OnSale
from app.web.api.shapes import Form, Moment, Name, OneId, Out, Page, Slug, Words
from app.web.problems import BadForm

endpoints = Endpoints("campaigns")
LIST = "campaigns"

Id = Annotated[OneId, Path(examples=["cmp_01KB0M6F0G9V5T0Q4W8R2YXZAB"])]
ProductIds = Annotated[
    list[OneId],
    Field(min_length=1, max_length=100, examples=[["prd_01KB0M6F0G9V5T0Q4W8R2YXZAB"]]),
]
Starts = Annotated[
    AwareDatetime | None,
    Field(description="null: at once.", examples=["2026-11-01T00:00:00+09:00"]),
]
Ends = Annotated[AwareDatetime | None, Field(description="null: never.", examples=[None])]
Hashtag = Annotated[Name, Field(examples=["#moonmug"])]


class CampaignForm(Form):
    """A campaign to run."""

    slug: Slug = Field(examples=["moon-mug-autumn"])
    hashtag: Hashtag
    product_ids: ProductIds
    starts: Starts = None
    ends: Ends = None
    public_reply: Words = Field(
        default={},
        description="Said under the comment, where the platform takes it.",
        examples=[{"en": "Check your DM!"}],
    )
    express: bool = Field(default=False, description="Straight to the summary where possible.")


class CampaignPatch(Form):
    """What is to be different."""

    hashtag: Hashtag | None = None
    product_ids: ProductIds | None = None
    starts: Starts = None
    ends: Ends = None
    public_reply: Words | None = Field(default=None, examples=[{"en": "Check your DM!"}])
    express: bool | None = None
    active: bool | None = Field(default=None, description="Running or not.")


class CampaignOut(Out):
    """A campaign. `version` goes up with every change; it is the ETag."""

    id: str = Field(examples=["cmp_01KB0M6F0G9V5T0Q4W8R2YXZAB"])
    slug: str = Field(examples=["moon-mug-autumn"])
    hashtag: str = Field(examples=["#moonmug"])
    product_ids: list[str] = Field(examples=[["prd_01KB0M6F0G9V5T0Q4W8R2YXZAB"]])
    starts: datetime | None = Field(examples=["2026-10-31T15:00:00Z"])
    ends: datetime | None = Field(examples=[None])
    public_reply: Words = Field(examples=[{"en": "Check your DM!"}])
    express: bool = Field(examples=[False])
    active: bool = Field(examples=[True])
    version: int = Field(examples=[1])
    created_at: Moment
    updated_at: Moment


class CampaignPage(Page[CampaignOut]):
    """Some campaigns, the newest first."""


@endpoints.get("/campaigns", CampaignPage, "catalog:read")
async def list_campaigns(
    caller: Calling, limit: Limit = 50, cursor: Cursor = None, active: OnSale = None
) -> Response:
    """The shop's campaigns, the newest first, those that were ended included."""
    after = caller.after(LIST, cursor)
    async with caller.read() as unit:
        rows = await page_of_campaigns(unit, caller.shop_id, after, limit + 1, active=active)
    return listed(caller, LIST, CampaignPage, CampaignOut.model_validate, rows, limit)


@endpoints.write("POST", "/campaigns", CampaignOut, "catalog:write", status=201, etag=True)
async def create_campaign(caller: Calling, form: CampaignForm) -> Response:
    """Runs a new campaign: the next comment with its hashtag opens a conversation."""
    async with caller.write() as unit:
        await take_shop(unit, caller.shop_id)
        if await slug_taken(unit, caller.shop_id, "campaign", form.slug):
            raise Conflict(f"There is a campaign called {form.slug}: change it.", code="slug-taken")
        given = form.model_dump(exclude={"product_ids"})
        wanted = Wanted(products=await _slugs(unit, caller, form.product_ids), **given)
        put = await put_campaign(unit, caller.shop_id, _checked(wanted))
        row = await campaign_by_id(unit, caller.shop_id, put.id)
        return await caller.answer(
            unit, CampaignOut.model_validate(row), status=201, etag=_etag(row),
            location=f"/api/v1/campaigns/{row.id}",
        )  # fmt: skip


@endpoints.get("/campaigns/{campaign_id}", CampaignOut, "catalog:read", etag=True)
async def get_campaign(caller: Calling, campaign_id: Id) -> Response:
    """One campaign."""
    async with caller.read() as unit:
        row = await campaign_by_id(unit, caller.shop_id, campaign_id)
    return caller.show(CampaignOut.model_validate(row), etag=_etag(row))


@endpoints.write("PATCH", "/campaigns/{campaign_id}", CampaignOut, "catalog:write", etag=True)
async def update_campaign(caller: Calling, campaign_id: Id, patch: CampaignPatch) -> Response:
    """Changes what the form names."""
    async with caller.write() as unit:
        await take_shop(unit, caller.shop_id)
        row = await campaign_by_id(unit, caller.shop_id, campaign_id, lock=True)
        caller.expect(_etag(row))
        before = await _whole(unit, caller, row)
        wanted = await _patched(unit, caller, before, patch)
        if row.active or patch.active:
            await put_campaign(unit, caller.shop_id, wanted)
        elif wanted != before:
            raise Conflict("The campaign has ended: start it in the same change.", code="off-sale")
        if patch.active is False:
            await retire_campaign(unit, caller.shop_id, row.slug)
        row = await campaign_by_id(unit, caller.shop_id, campaign_id)
        return await caller.answer(unit, CampaignOut.model_validate(row), etag=_etag(row))


@endpoints.write("DELETE", "/campaigns/{campaign_id}", CampaignOut, "catalog:write", etag=True)
async def delete_campaign(caller: Calling, campaign_id: Id) -> Response:
    """Ends the campaign: its hashtag opens nothing any more. It stays readable."""
    async with caller.write() as unit:
        await take_shop(unit, caller.shop_id)
        row = await campaign_by_id(unit, caller.shop_id, campaign_id, lock=True)
        caller.expect(_etag(row))
        await retire_campaign(unit, caller.shop_id, row.slug)
        row = await campaign_by_id(unit, caller.shop_id, campaign_id)
        return await caller.answer(unit, CampaignOut.model_validate(row), etag=_etag(row))


async def _slugs(unit: Unit, caller: Caller, product_ids: list[str]) -> tuple[str, ...]:
    try:
        return tuple(await slugs_of(unit, caller.shop_id, list(dict.fromkeys(product_ids))))
    except NotFound as error:  # not the campaign is missing: what it names is wrong
        raise Rejected(error.text, code="no-product") from error


async def _whole(unit: Unit, caller: Caller, row: CampaignRow) -> Wanted:
    return Wanted(
        slug=row.slug, hashtag=row.hashtag, starts=row.starts, ends=row.ends,
        public_reply=row.public_reply, express=row.express,
        products=await _slugs(unit, caller, list(row.product_ids)),
    )  # fmt: skip


async def _patched(unit: Unit, caller: Caller, before: Wanted, patch: CampaignPatch) -> Wanted:
    given = patch.model_dump(exclude_unset=True, exclude={"active", "product_ids"})
    news = {
        name: value
        for name, value in given.items()
        if value is not None or name in ("starts", "ends")
    }
    if patch.product_ids is not None:
        news["products"] = await _slugs(unit, caller, patch.product_ids)
    return _checked(msgspec.structs.replace(before, **news))


def _checked(wanted: Wanted) -> Wanted:
    complaints = list(campaign_complaints(wanted))
    if complaints:
        raise BadForm(complaints)
    return wanted


def _etag(row: CampaignRow) -> str:
    return f'"{row.version}"'
