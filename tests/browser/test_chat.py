"""The web chat on a shop's own page, in a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import DESKTOP, PHONE, Visitor, visitor

pytestmark = pytest.mark.browser

ACCOUNT = "hanok-web"


async def open_widget(here: Visitor) -> None:
    await here.page.goto(f"{here.url}/chat/{ACCOUNT}/demo")
    await here.page.get_by_role("button", name="채팅하기").click()
    await expect(here.page.frame_locator("iframe").locator(".compose textarea")).to_be_visible()


@pytest.mark.parametrize(("shot", "size"), [("widget", DESKTOP), ("widget-phone", PHONE)])
async def test_a_chat_on_the_shops_own_page(
    demo: str, browser: Browser, shot: str, size: dict[str, int]
):
    context, here = await visitor(browser, demo, size, locale="ko-KR")
    await open_widget(here)
    chat = here.page.frame_locator("iframe")
    await chat.locator("textarea").fill("#moonmug 블랙")
    await here.page.keyboard.press("Enter")
    await expect(chat.locator(".message.shop .choice").first).to_be_visible()
    await here.shot(shot)
    said = await chat.locator(".message").count()
    await here.page.reload()
    chat = here.page.frame_locator("iframe")
    await expect(chat.locator(".message.shop .choice").first).to_be_visible()
    assert await chat.locator(".message:not(.dots)").count() >= said - 1
    await chat.locator(".message.shop .choice").first.click()
    await expect(chat.locator(".message.visitor").last).to_be_visible()
    await expect(chat.locator(".message.shop")).not_to_have_count(1)
    here.content()
    await context.close()


async def test_it_goes_on_after_the_line_was_cut(demo: str, browser: Browser):
    context, here = await visitor(browser, demo, DESKTOP, locale="ko-KR")
    await here.page.goto(f"{demo}/chat/{ACCOUNT}")
    await expect(here.page.locator(".state")).to_have_text("")
    await context.set_offline(True)
    await here.page.locator("textarea").fill("#moonmug")
    await here.page.keyboard.press("Enter")
    again = here.page.locator(".again")
    await expect(again).to_be_visible()
    await context.set_offline(False)
    await again.click()
    await expect(here.page.locator(".message.shop").first).to_be_visible()
    await expect(here.page.locator(".message.visitor")).to_have_count(1)
    await context.close()


async def test_escape_closes_it_and_the_button_has_the_focus(demo: str, browser: Browser):
    context, here = await visitor(browser, demo, DESKTOP, locale="ko-KR")
    await open_widget(here)
    await here.page.frame_locator("iframe").locator("textarea").press("Escape")
    button = here.page.get_by_role("button", name="채팅하기")
    await expect(button).to_be_visible()
    await expect(button).to_have_attribute("aria-expanded", "false")
    here.content()
    await context.close()
