"""Shops as code, and the keys of their API."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console

from app.bootstrap import build
from app.catalog.shopfile import apply_shop, export_shop
from app.core.errors import NotFound, Rejected
from app.merchants.create_key import create_key
from app.merchants.read import shop_at
from app.settings import Settings
from app.web.api.scopes import GRANTED

shops = typer.Typer(help="A shop in a file: apply it, export it.", no_args_is_help=True)
keys = typer.Typer(help="Keys of the REST API.", no_args_is_help=True)


@shops.command("apply")
def apply(file: Annotated[Path, typer.Argument(help="The shop file (YAML).")]) -> None:
    """Make or change a shop so that it is as the file says. Safe to run again."""
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Rejected(f"{file} cannot be read: {error.strerror}.") from error
    except yaml.YAMLError as error:
        raise Rejected(f"{file} is not YAML: {error}") from error
    console = Console()
    console.print(asyncio.run(_apply(data)), highlight=False)


async def _apply(data: Any) -> str:
    dangol = build(Settings())
    try:
        async with dangol.engine.write() as unit:
            production = dangol.settings.production
            applied = await apply_shop(unit, data, os.environ, production=production)
    finally:
        await dangol.close()
    done = "\n".join(f"  {change}" for change in applied.changes) or "  nothing had to change"
    return f"{applied.slug} is as the file says (catalogue version {applied.version}):\n{done}"


@shops.command("export")
def export(slug: Annotated[str, typer.Argument(help="The shop's short name.")]) -> None:
    """Print a shop as a file. Secrets are written as ${NAME}, never in plain."""
    data = asyncio.run(_export(slug))
    typer.echo(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), nl=False)


async def _export(slug: str) -> dict[str, Any]:
    dangol = build(Settings())
    try:
        async with dangol.engine.read() as unit:
            return await export_shop(unit, slug)
    finally:
        await dangol.close()


@keys.command("create")
def create(
    shop: Annotated[str, typer.Option(help="The shop's short name.")],
    scope: Annotated[list[str], typer.Option(help="What it may do; may be given several times.")],
) -> None:
    """Make an API key; it is printed once and never again."""
    typer.echo(asyncio.run(_create(shop, scope)))


async def _create(slug: str, scopes: list[str]) -> str:
    dangol = build(Settings())
    try:
        async with dangol.engine.write() as unit:
            shop = await shop_at(unit, slug)
            if shop is None:
                raise NotFound(f"There is no shop {slug}. Make it with: dangol shop apply FILE")
            unknown = [scope for scope in scopes if scope not in GRANTED]
            if unknown:
                raise Rejected(
                    f"There is no scope {', '.join(unknown)}. Choose from: {', '.join(GRANTED)}.",
                    code="scope",
                )
            return await create_key(unit, shop.id, scopes)
    finally:
        await dangol.close()
