"""What all pages share: words in both languages, headers, files, small forms."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse

from app.web.site import static
from app.web.site.accept import accepted
from app.web.site.pages import notice
from app.web.site.security import SecurityHeaders, policy
from app.web.site.words import PageWords, keys_of
from tests.web.house import HOSTILE, read, visiting

SITE = Path(static.__file__).parent
NAMES = re.compile(r"\{(\w+)\}")


# --- words --------------------------------------------------------------------------------------


def test_both_languages_say_the_same_things():
    ours = {key for key in keys_of("en") if not key.endswith(("-US", "-KR", "-JP"))}
    theirs = {key for key in keys_of("ko") if not key.endswith(("-US", "-KR", "-JP"))}
    assert ours == theirs
    for key in ours:
        english, korean = PageWords("en")(key), PageWords("ko")(key)
        assert set(NAMES.findall(english)) == set(NAMES.findall(korean)), key


def test_every_key_a_template_asks_for_is_there():
    asked = set()
    for path in (SITE / "templates").glob("*.html"):
        text = path.read_text("utf-8")
        asked |= set(re.findall(r"\bt\('([\w.-]+)'[,)]", text))
    assert asked
    assert asked <= keys_of("en")


def test_korean_is_korean():
    for key in keys_of("ko"):
        text = PageWords("ko")(key)
        assert not text or re.search(r"[가-힣]", text), key


def test_a_shop_may_say_it_in_its_own_words():
    words = PageWords("ko", {"page.pay.title": "한 번만 봐 주세요", "pay.intro": "not this one"})
    assert words("pay.title") == "한 번만 봐 주세요"
    assert words("pay.intro") != "not this one"
    assert PageWords("fr")("pay.title") == PageWords("en")("pay.title")


@pytest.mark.parametrize("text", HOSTILE)
def test_values_are_escaped(text: str):
    words = PageWords("en", {"page.paid.thanks-title": text})
    answer = notice(words, "paid.thanks", status=200, number=text, total=text, shop=text)
    page = bytes(answer.body).decode()
    for tag in ("<script>alert", "<img", "<svg", "<iframe"):
        assert tag not in page
    assert "49" not in page


# --- languages ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("en;q=0.2, ko;q=0.9", "ko"),
        ("ja,fr", "en"),
        ("ko;q=abc", "en"),
        (",,,;;;q=q", "en"),
        ("x" * 100_000, "en"),
    ],
)
def test_the_browsers_language(header: str, language: str):
    assert accepted(header) == language


def test_the_fallback_is_one_we_speak():
    assert accepted("", "ko") == "ko"
    assert accepted("", "ja") == "en"


# --- headers ------------------------------------------------------------------------------------


async def test_every_answer_carries_the_headers():
    app = FastAPI()

    @app.get("/own")
    def own() -> PlainTextResponse:
        return PlainTextResponse("x", headers={"content-security-policy": "sandbox"})

    async with visiting(SecurityHeaders(app, ("/lib",))) as browser:
        plain = await browser.get("/none")
        assert plain.headers["content-security-policy"] == policy()
        assert plain.headers["x-content-type-options"] == "nosniff"
        assert (await browser.get("/own")).headers["content-security-policy"] == "sandbox"
        library = await browser.get("/lib/page")
        assert "content-security-policy" not in library.headers
        assert library.headers["referrer-policy"] == "no-referrer"


def test_nothing_inline_and_nobody_else():
    written = policy()
    for word in ("unsafe", "*", "http:"):
        assert word not in written
    assert "default-src 'none'" in written
    assert "frame-ancestors 'self'" in written


# --- files --------------------------------------------------------------------------------------


async def test_files_are_kept_as_long_as_they_are_the_same():
    app = FastAPI()
    app.mount(static.PREFIX, static.files)
    async with visiting(app) as browser:
        kept = await browser.get(static.versioned("page.css"))
        assert kept.status_code == 200
        assert "immutable" in kept.headers["cache-control"]
        plain = await browser.get("/static/page.css")
        assert plain.headers["cache-control"] == "no-cache"
        assert plain.content == kept.content
        for path in ("/static/../pages.py", "/static/%2e%2e/pages.py", "/static/none.css"):
            assert (await browser.get(path)).status_code == 404


def files_of(*kinds: str) -> list[Path]:
    return sorted(p for kind in kinds for p in static.FOLDER.rglob(f"*.{kind}"))


def test_scripts_and_styles_stay_short_and_at_home():
    for path in files_of("js", "css"):
        text = path.read_text("utf-8")
        assert len(text.splitlines()) <= 300, path.name
        assert "innerHTML" not in text, path.name
        for word in ("eval(", "document.write", "insertAdjacentHTML", "new Function"):
            assert word not in text, path.name
    for path in files_of("js", "css", "svg"):
        strangers = set(re.findall(r"https?://[\w.-]+", path.read_text("utf-8")))
        assert strangers <= {"http://www.w3.org", "https://your-shop"}, path.name


def test_modules_import_only_what_is_there():
    for path in files_of("js"):
        for name in re.findall(r'from "(\.[^"]+)"', path.read_text("utf-8")):
            assert (path.parent / name).resolve().is_file(), (path.name, name)


def test_the_playground_says_everything_in_both_languages():
    text = (static.FOLDER / "play" / "words.js").read_text("utf-8")
    korean, english = text.split("\n  en: {")
    names = re.compile(r"[{,\n] *([a-z]\w*): [\"{\[]", re.ASCII)
    assert set(names.findall(korean)) - {"ko", "en"} == set(names.findall(english)) - {"en"}
    asked = set()
    for path in [*files_of("js"), *(SITE / "templates").glob("play.html")]:
        if path.parent.name == "play" or path.name == "play.html":
            asked |= set(re.findall(r'(?:\bt\("|data-t="|data-label=")(\w+)', path.read_text()))
    assert asked <= set(names.findall(english))


def test_a_notice_waits_politely():
    answer = notice(PageWords("en"), "link.moment", status=202, refresh=2, again="/pay/x/wait")
    assert answer.headers["refresh"] == "2; url=/pay/x/wait"
    assert b'aria-busy="true"' in answer.body


@pytest.mark.parametrize(
    "bad", ["<p onclick=x>", "<iframe>", '<a href="javascript:x">', "<p style=x>"]
)
def test_a_page_that_breaks_the_rules_is_seen(bad: str):
    good = notice(PageWords("en"), "paid.thanks", status=200, number=1, total=2)
    headers = {
        **good.headers,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
    read(httpx.Response(200, headers=headers, content=bytes(good.body)))
    with pytest.raises(AssertionError):
        read(httpx.Response(200, headers=headers, content=bytes(good.body) + bad.encode()))
