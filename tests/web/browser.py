"""A real browser on the pages over a made-up branch."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",  # tests run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {390: 844, 1366: 800, 3840: 2160}
WAIT_MS = 30_000  # for what must happen at all: how soon is a figure for the benches, not for a busy machine's tests
expect.set_options(timeout=WAIT_MS)
LOGIN, NAME, PASSWORD = "wang", "王芳", "three rings and no more"


@dataclass
class Watched:
    """What a browser said and asked while it was looked at."""

    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def watch(self, page: Page, address: str) -> None:
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.meet(request, address))

    def hear(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self.complaints.append(said.text)

    def meet(self, request: Request, address: str) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            self.strangers.append(request.url)


@dataclass(frozen=True)
class Site:
    """A running site: where it is, and the first manager's link."""

    address: str
    link: str


@contextmanager
def site(folder: Path) -> Iterator[Site]:
    """Run the pages in a process of their own."""
    command = [sys.executable, str(Path(__file__).parent / "serve.py"), str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "the site did not start: see its error output above"
        yield Site(**json.loads(line))
        process.stdin.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


def window(browser: Browser, language: str, width: int) -> BrowserContext:
    """Return a fresh browser profile in a language, as wide as a phone, a desk's screen or a wall's."""
    return browser.new_context(viewport={"width": width, "height": SIZES[width]}, locale=language)


def set_up(page: Page, running: Site) -> None:
    """Follow the first manager's link."""
    page.goto(running.address + running.link)
    page.fill("#id_name", NAME)
    page.fill("#id_login", LOGIN)
    page.fill("#id_password", PASSWORD)
    page.fill("#id_again", PASSWORD)
    page.click("button.main")
    page.wait_for_url(running.address + "/today")


def sign_in(page: Page, running: Site) -> None:
    """Sign the first manager in."""
    page.goto(running.address + "/sign-in")
    page.fill("#id_login", LOGIN)
    page.fill("#id_password", PASSWORD)
    page.click("button.main")
    page.wait_for_url(running.address + "/today")
