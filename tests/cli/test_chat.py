"""A whole purchase at the terminal, spoken by a script; and what the terminal makes of a line."""

from __future__ import annotations

import json

import pytest

from app.cli.talk import chosen
from app.cli.talking.guest import Choice
from app.cli.talking.pages import read_page

# Whatever a scene asks is answered by its first choice: how many, which delivery, and so on.
PURCHASE = """\
#moonmug black please
1
Gildong Hong, 06236 서울 강남구 테헤란로 152 5층, 010-2345-6789
"""


def talk(dangol, home, lines: str, *more: object):
    script = home.folder / "lines.txt"
    script.write_text(lines, "utf-8")
    return dangol("chat", "--script", script, *more)


def sql(home, statement: str):
    """A statement on the chat's own database."""
    return type(home)(home.folder, home.folder / "var" / "chat.db").sql(statement)


def answers_to_the_page(dangol, home, database: str) -> str:
    """The purchase with as many first choices as there are questions before the payment link."""
    lines = PURCHASE
    for _ in range(3):
        done = talk(dangol, home, lines + "/quit\n", "--database", database)
        assert done.code == 0, done.err
        if "Pay ₩" in done.out:
            return lines
        lines += "1\n"
    raise AssertionError(done.out)


_found: list[str] = []


@pytest.fixture
def lines(dangol, home) -> str:
    """What leads from a first word to the payment link; found out once."""
    if not _found:
        trial = f"sqlite:///{home.folder / 'trial.db'}"
        _found.append(answers_to_the_page(dangol, home, trial))
    return _found[0]


def test_a_whole_purchase(dangol, home, lines, monkeypatch):
    done = talk(dangol, home, lines + "Pay\napprove\nmy order\n/quit\n")
    assert done.code == 0, done.err
    assert "Moon mug" in done.out
    assert "The sandbox provider asks how it ends" in done.out
    assert "Paid, thank you" in done.out
    [(number, state, total)] = sql(home, "SELECT number, state, total FROM shop_order")
    assert state == "paid"
    assert str(number) in done.out
    assert f"₩{total:,}" in done.out
    assert sql(home, "SELECT status, count(*) FROM inbox WHERE status = 'new' GROUP BY 1") == []
    monkeypatch.setenv("DANGOL_DATABASE_URL", f"sqlite:///{home.folder / 'var' / 'chat.db'}")
    audited = dangol("audit", "--json")
    assert audited.code == 0, json.loads(audited.out)


@pytest.mark.parametrize(
    ("outcome", "state", "payment"),
    [
        ("decline", "awaiting_payment", ["failed"]),
        ("double", "paid", ["captured"]),
        ("wrong-amount", "awaiting_payment", ["review"]),
    ],
)
def test_a_payment_that_goes_wrong(dangol, home, lines, outcome, state, payment):
    done = talk(dangol, home, f"{lines}Pay\n{outcome}\n/quit\n")
    assert done.code == 0, done.err
    assert [row[0] for row in sql(home, "SELECT state FROM shop_order")] == [state]
    assert [row[0] for row in sql(home, "SELECT state FROM payment")] == payment


def test_the_payment_page_may_be_left(dangol, home, lines):
    done = talk(dangol, home, f"{lines}Pay\nwhatever\nleave\n/quit\n")
    assert "Type one of the numbers" in done.out
    assert "You left the payment page" in done.out
    assert sql(home, "SELECT id FROM shop_order") == []


def test_the_address_form_is_asked_field_by_field(dangol, home):
    form = ["Gildong Hong", "12", "06236", "서울", "강남구", "테헤란로 152", "5층", "-"]
    typed = "\n".join(["#moonmug black please", "1", "1", *form, "010-2345-6789", "/quit"])
    done = talk(dangol, home, typed)
    assert done.code == 0, done.err
    assert "Name of the recipient › Gildong Hong" in done.out
    assert "Phone: This is not a number" in done.out
    assert sql(home, "SELECT country FROM saved_address") == [("KR",)]


def test_commands_of_the_terminal(dangol, home):
    done = talk(dangol, home, "/help\n/nonsense\n/new\nhello\n/quit\nnever said\n")
    assert done.code == 0, done.err
    assert "Enter alone" in done.out
    assert "There is no /nonsense" in done.out
    assert "You are somebody else now" in done.out
    assert "never said" not in done.out
    assert len(sql(home, "SELECT id FROM contact")) == 1


def test_markup_in_a_chat_is_text(dangol, home):
    done = talk(dangol, home, "[bold]hello[/bold] [/nothing]\n")
    assert done.code == 0, done.err
    assert "› [bold]hello[/bold] [/nothing]" in done.out


def test_it_keeps_out_of_production(dangol, home, monkeypatch):
    monkeypatch.setenv("DANGOL_ENVIRONMENT", "production")
    monkeypatch.setenv("DANGOL_PUBLIC_URL", "https://shop.example")
    done = talk(dangol, home, "hello\n")
    assert done.code == 2
    assert "DANGOL_ENVIRONMENT is production" in done.err
    assert not (home.folder / "var" / "chat.db").exists()


def test_a_script_that_is_not_there_is_a_sentence(dangol, home):
    done = dangol("chat", "--script", home.folder / "missing.txt")
    assert done.code == 2
    assert "cannot be read" in done.err


ONE, TWO, PAY = Choice("Buy 1", "t1"), Choice("2", "t2"), Choice("Pay ₩18,000", url="http://x/pay/")


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("1", ONE), ("buy 1", ONE), ("2", TWO), ("3", PAY), ("pay", PAY), ("Pay ₩18,000", PAY),
        ("4", None), ("0", None), ("buy", None), ("two please", None),
    ],
)  # fmt: skip
def test_what_a_line_chooses(line, meant):
    assert chosen(line, (ONE, TWO, PAY)) == meant


def test_a_label_goes_before_a_number():
    assert chosen("2", (TWO, ONE)) == TWO


PAGE = """<!doctype html><html><head><title>no</title><style>p{}</style></head><body>
<h1>Your  address</h1><p>Please <b>look</b>.<br>Twice.</p><p hidden>unseen</p>
<form method="post"><input type="hidden" name="nonce" value="n1">
<p><label for="name">Name <span>(of whom)</span></label><input id="name" name="name" required>
<span class="error" id="name-error">Who is it?</span></p>
<p><label for="region">Region</label><select id="region" name="region"><option value="">Choose
</option><option value="11" selected>Seoul</option></select></p><button>Send</button></form>
<form><input name="other"></form><footer>the shop</footer></body></html>"""


def test_a_page_is_read_as_a_person_reads_it():
    page = read_page(PAGE)
    assert page.lines == ["Your address", "Please look . Twice.", "Send"]
    assert page.filled == {"nonce": "n1", "name": "", "region": "11"}
    nonce, name, region = page.inputs
    assert nonce.hidden
    assert (name.label, name.required, name.error) == ("Name (of whom)", True, "Who is it?")
    assert region.options == [("", "Choose"), ("11", "Seoul")]


@pytest.mark.parametrize("html", ["", "plain", "<p>open <b>tags", "</p></html>", "<option>x"])
def test_a_broken_page_breaks_nothing(html):
    read_page(html)
