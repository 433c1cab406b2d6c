"""The hosted page: one form, five ways to end, nothing loaded from anywhere."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from urllib.parse import urlsplit

from app.core.money import Money
from app.gateways.sandbox.fake.ledger import Session
from app.gateways.sandbox.fake.wire import Answer
from app.gateways.sandbox.protocol import OUTCOMES

WORDS = {
    "en": {
        "title": "Test payment",
        "note": "A trial page. No real money moves.",
        "order": "Order",
        "approve": "Pay {amount}",
        "decline": "Decline the card",
        "delay": "Pay, but slowly",
        "double": "Pay twice",
        "wrong-amount": "Pay a wrong amount",
        "more": "Or see what the shop does when something goes wrong:",
        "back": "Back to the shop",
        "captured": "This is paid. Thank you.",
        "failed": "The card was declined. Nothing was paid.",
        "expired": "This page is closed. Nothing was paid.",
        "pending": "The payment is on its way.",
        "missing": "There is no such payment page.",
    },
    "ko": {
        "title": "테스트 결제",
        "note": "체험용 페이지예요. 실제로 돈이 나가지 않아요.",
        "order": "주문",
        "approve": "{amount} 결제하기",
        "decline": "카드 거절하기",
        "delay": "늦게 결제되게 하기",
        "double": "두 번 결제하기",
        "wrong-amount": "다른 금액으로 결제하기",
        "more": "문제가 생겼을 때 가게가 어떻게 하는지도 볼 수 있어요.",
        "back": "가게로 돌아가기",
        "captured": "결제됐어요. 고맙습니다.",
        "failed": "카드가 거절됐어요. 결제된 금액은 없어요.",
        "expired": "닫힌 결제 페이지예요. 결제된 금액은 없어요.",
        "pending": "결제가 진행되고 있어요.",
        "missing": "이런 결제 페이지는 없어요.",
    },
}

STYLE = """
:root{color-scheme:light dark;--ink:#17191c;--soft:#5c636b;--line:#d8dce1;--paper:#fff;
--ground:#f3f4f6;--accent:#1d4ed8;--on-accent:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#eceef1;--soft:#a4abb4;--line:#3a4048;
--paper:#1b1e22;--ground:#101214;--accent:#7ea6ff;--on-accent:#0c1220}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Apple SD Gothic Neo","Noto Sans KR",sans-serif}
main{max-width:26rem;margin:0 auto;padding:1rem;min-height:100vh;display:flex;
flex-direction:column;justify-content:center}
article{background:var(--paper);border:1px solid var(--line);border-radius:16px;padding:1.5rem}
.mark{display:inline-block;font-size:.8rem;color:var(--soft);border:1px solid var(--line);
border-radius:99px;padding:.1rem .7rem}
h1{font-size:1rem;font-weight:500;margin:1.2rem 0 0}
.amount{font-size:2.2rem;font-weight:700;letter-spacing:-.02em;margin:.2rem 0 0;
font-variant-numeric:tabular-nums}
.order{color:var(--soft);margin:.2rem 0 1.5rem}
form{display:grid;gap:.6rem}
button,.button{font:inherit;min-height:3rem;border-radius:12px;border:1px solid var(--line);
background:none;color:inherit;cursor:pointer;padding:.5rem 1rem;display:grid;place-items:center;
text-decoration:none}
.main{background:var(--accent);border-color:var(--accent);color:var(--on-accent);font-weight:600}
button:focus-visible,.button:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.more{color:var(--soft);font-size:.9rem;margin:1rem 0 .2rem}
.note{color:var(--soft);font-size:.85rem;text-align:center;margin:1rem 0 0}
"""


def _style_hash() -> str:
    return base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()


def show(session: Session, state: str) -> Answer:
    """The page of a session: the form while it is open, else how it ended."""
    language = "ko" if session.locale.startswith("ko") else "en"
    words = WORDS[language]
    amount = Money(session.amount, session.currency).written(language)
    body = (
        f'<h1>{escape(session.title)}</h1><p class="amount">{escape(amount)}</p>'
        f'<p class="order">{words["order"]} {escape(session.order_number)}</p>'
    )
    if state == "open":
        body += _form(words, amount)
    else:
        body += (
            f'<p role="status">{words[state]}</p>'
            f'<a class="button main" href="{escape(session.return_url)}">{words["back"]}</a>'
        )
    return _page(200, language, words, body, session.return_url)


def missing() -> Answer:
    """The page for an address that leads nowhere."""
    words = WORDS["en"]
    return _page(404, "en", words, f'<p role="status">{words["missing"]}</p>', "")


def _form(words: dict[str, str], amount: str) -> str:
    main = words["approve"].format(amount=amount)
    first = f'<button class="main" name="outcome" value="approve">{escape(main)}</button>'
    others = "".join(
        f'<button name="outcome" value="{outcome}">{words[outcome]}</button>'
        for outcome in OUTCOMES
        if outcome != "approve"
    )
    return f'<form method="post">{first}<p class="more">{words["more"]}</p>{others}</form>'


def _page(status: int, language: str, words: dict[str, str], body: str, return_url: str) -> Answer:
    html = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>{words["title"]}</title>'
        f"<style>{STYLE}</style></head><body><main><article>"
        f'<span class="mark">{words["title"]}</span>{body}</article>'
        f'<p class="note">{words["note"]}</p></main></body></html>'
    )
    return Answer(status, html.encode(), _headers(return_url))


def _headers(return_url: str) -> dict[str, str]:
    # A browser holds the redirect after a form against form-action too: the way back is allowed.
    back = urlsplit(return_url)
    origin = f" {back.scheme}://{back.netloc}" if back.netloc else ""
    return {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": (
            f"default-src 'none'; style-src 'sha256-{_style_hash()}'; form-action 'self'{origin}; "
            "frame-ancestors 'self'; base-uri 'none'"
        ),
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
