"""Products, variants, stock and campaigns over HTTP."""

from __future__ import annotations

from app.catalog.read import load_shop

from tests.web.api.conftest import MUG


async def test_a_product_is_made_read_changed_and_taken_off_sale(api):
    made = await api.mug()
    assert made["slug"] == "moon-mug"
    assert [(v["sku"], v["price"], v["on_hand"], v["held"]) for v in made["variants"]] == [
        ("MUG-B", 18000, 5, 0),
        ("MUG-W", 19000, 0, 0),
    ]
    read = await api.get(f"/products/{made['id']}")
    assert read.json() == made
    assert read.headers["etag"] == '"1"'
    changed = await api.patch(f"/products/{made['id']}", {"title": {"en": "Mug"}})
    assert changed.json()["title"] == {"en": "Mug"}
    assert changed.json()["version"] == 2
    gone = await api.call("DELETE", f"/products/{made['id']}")
    assert gone.status_code == 200
    assert gone.json()["active"] is False
    assert [v["active"] for v in gone.json()["variants"]] == [False, False]
    back = await api.patch(f"/products/{made['id']}", {"active": True})
    assert [v["active"] for v in back.json()["variants"]] == [True, True]
