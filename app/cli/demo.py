"""The demo shop: the example file, connected to platforms that are played on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from app.bootstrap import DEMO_INSTAGRAM, build
from app.catalog.shopfile import apply_shop
from app.settings import Settings

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "hanok.yaml"
PICTURES = Path(__file__).resolve().parents[1] / "web" / "site" / "static" / "pictures"
WEBCHAT = "hanok-web"


def demo_data(settings: Settings) -> dict[str, Any]:
    """The example shop with its accounts pointed at this server's own playground."""
    data: dict[str, Any] = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    for product in data["products"]:
        drawn = PICTURES / f"{product['slug']}.svg"
        if drawn.exists():
            product["image"] = f"{settings.public_url}/static/pictures/{drawn.name}"
    data["channels"] = [
        {
            "channel": "instagram",
            "account": DEMO_INSTAGRAM.account,
            "app_secret": DEMO_INSTAGRAM.app_secret,
            "verify_token": DEMO_INSTAGRAM.verify_token,
            "access_token": DEMO_INSTAGRAM.access_token,
            "api_url": f"{settings.public_url}/play/instagram",
        },
        {
            "channel": "webchat",
            "account": WEBCHAT,
            "app_secret": settings.secret_keys()[0],
        },
    ]
    return data


async def demo_shop(settings: Settings) -> None:
    """Makes the demo shop, or brings it back to what the example says."""
    dangol = build(settings)
    try:
        async with dangol.engine.write() as unit:
            await apply_shop(unit, demo_data(settings), {})
    finally:
        await dangol.close()
