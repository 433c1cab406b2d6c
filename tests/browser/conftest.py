"""The demo as a person starts it, and Chromium before it. Nothing here is played in the test."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    FrameLocator,
    Page,
    Request,
    async_playwright,
    expect,
)

from tests.conftest import REQUIRED

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "var" / "screenshots"
ARGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
START = 60  # seconds the demo may take to start
PATIENCE = 30_000  # milliseconds a step may take on a busy machine
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


def chromium() -> str:
    """The browser of this machine; skips without one, fails where one was asked for."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("DANGOL_TEST_BROWSER") or next(
        filter(None, map(shutil.which, names)), ""
    )
    if found and Path(found).exists():
        return found
    if "browser" in REQUIRED:
        pytest.fail("a browser was required, and there is none here", pytrace=False)
    pytest.skip("no Chromium here (DANGOL_TEST_BROWSER)")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demo server of our own, with a fresh database."""
    chromium()
    folder = tmp_path_factory.mktemp("demo")
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DANGOL_")},
        "DANGOL_DATABASE_URL": f"sqlite:///{folder / 'dangol.db'}",
        "DANGOL_VAR_DIR": str(folder),
        "DANGOL_SECRET_KEY": "browser-test-" + "k" * 32,
    }
    log = (folder / "server.log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "app", "demo", "--port", str(port)],
        cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        await_start(url, server, folder / "server.log")
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(20)
        log.close()
    assert "Traceback" not in (folder / "server.log").read_text("utf-8", "replace")


def await_start(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Returns when the server answers."""
    ends = time.monotonic() + START
    while time.monotonic() < ends and server.poll() is None:
        try:
            if httpx.get(f"{url}/readyz", timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    pytest.fail(f"the demo did not start:\n{log.read_text('utf-8', 'replace')[-4000:]}")


@dataclass
class Visitor:
    """A page with everything it complained about and everyone it asked."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    @property
    def sheet(self) -> FrameLocator:
        """The browser inside the phone's chat."""
        return self.page.frame_locator(".browser iframe")

    async def shot(self, name: str) -> None:
        """A picture of what is to be seen now."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=SHOTS / f"{name}.png")

    def watch(self) -> None:
        """Notes errors, and requests to anybody but our own server."""
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )
        self.page.on("request", self._asked)

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if (
            parts.scheme in ("http", "https", "ws", "wss")
            and parts.netloc != urlsplit(self.url).netloc
        ):
            self.strangers.append(request.url)

    def content(self) -> None:
        """Nothing was wrong, and nobody else was asked."""
        assert self.complaints == []
        assert self.strangers == []


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium, for one test."""
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        made = await playwright.chromium.launch(executable_path=chromium(), args=ARGS)
        yield made
        await made.close()


async def visitor(
    browser: Browser, url: str, size: dict[str, int], **more: object
) -> tuple[BrowserContext, Visitor]:
    """A fresh profile with a page of that size."""
    context = await browser.new_context(viewport=size, **more)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    made = Visitor(await context.new_page(), url)
    made.watch()
    return context, made
