"""`audit` names the row that was tampered with, `doctor` says what to mend, `flow` has an end."""

from __future__ import annotations

import json

import pytest

from app.audit.run import INVARIANTS


def test_a_clean_house_passes_the_audit(dangol, hanok):
    done = dangol("audit")
    assert done.code == 0
    for name in INVARIANTS:
        assert name in done.out


def test_the_audit_is_readable_by_programs(dangol, hanok):
    done = dangol("audit", "--json")
    assert done.code == 0
    found = json.loads(done.out)
    assert list(found) == list(INVARIANTS)
    assert found["stock"]["checked"] > 0
    assert all(one["broken"] == [] for one in found.values())


@pytest.mark.parametrize(
    ("tampered", "promise"),
    [
        ("UPDATE variant SET on_hand = on_hand + 5 WHERE sku = 'MM-BK'", "stock"),
        ("UPDATE variant SET held = 1 WHERE sku = 'MM-BK'", "stock"),
        ("DELETE FROM stock_movement", "stock"),
    ],
)
def test_a_row_changed_by_hand_is_found(dangol, hanok, home, tampered, promise):
    home.sql(tampered)
    done = dangol("audit", "--json")
    assert done.code == 1
    found = json.loads(done.out)
    assert [name for name, one in found.items() if one["broken"]] == [promise]
    told = dangol("audit")
    assert told.code == 1
    assert found[promise]["broken"][0] in told.out


def test_the_audit_names_the_row(dangol, hanok, home):
    [(variant,)] = home.sql("SELECT id FROM variant WHERE sku = 'MM-BK'")
    home.sql("UPDATE variant SET on_hand = on_hand + 5 WHERE sku = 'MM-BK'")
    [line] = json.loads(dangol("audit", "--json").out)["stock"]["broken"]
    assert str(variant) in line or "MM-BK" in line


def test_an_event_without_key_or_reason_is_found(dangol, hanok, home):
    home.sql(
        "INSERT INTO inbox (shop_id, channel, account, key, address, kind, event, occurred_at,"
        " received_at, status) SELECT id, 'instagram', 'a', 'k', '', 'unknown', x'7b7d',"
        " '2026-11-22 00:00:00.000000', '2026-11-22 00:00:00.000000', 'ignored' FROM shop"
    )
    found = json.loads(dangol("audit", "--json").out)
    assert found["inbox-once"]["broken"]
    assert found["silence"]["broken"], "ignored without a reason"


def test_the_doctor_finds_a_house_in_order(dangol, hanok):
    done = dangol("doctor")
    assert done.code == 0
    for what in ("secret key", "public address", "database", "migrations", "clock", "redis"):
        assert what in done.out
    assert "instagram" in done.out


def test_the_doctor_says_how_to_mend(dangol, monkeypatch, tmp_path):
    monkeypatch.setenv("DANGOL_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    done = dangol("doctor", "--json")
    assert done.code == 1
    [bad] = [line for line in json.loads(done.out) if not line["good"]]
    assert bad["what"] == "migrations"
    assert bad["mend"] == "Run: dangol migrate"


def test_the_doctor_sees_a_lost_token(dangol, hanok, home):
    home.sql("UPDATE account SET state = 'needs-reauth' WHERE channel = 'instagram'")
    done = dangol("doctor")
    assert done.code == 1
    assert "needs-reauth" in done.out
    assert "dangol shop apply" in done.out


def test_the_doctor_sees_that_redis_is_away(dangol, monkeypatch):
    monkeypatch.setenv("DANGOL_REDIS_URL", "redis://127.0.0.1:9/0")
    done = dangol("doctor", "--json")
    assert done.code == 1
    assert [line["what"] for line in json.loads(done.out) if not line["good"]] == ["redis"]


def test_the_flow_can_be_drawn(dangol):
    done = dangol("flow", "graph")
    assert done.code == 0
    first = done.out.splitlines()[0]
    assert first.startswith(("stateDiagram", "flowchart", "graph"))


def test_the_flow_has_no_dead_end(dangol):
    done = dangol("flow", "lint")
    assert (done.code, done.out) == (0, "No dead ends.\n")
