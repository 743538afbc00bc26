"""A headless Chromium of the system, for pages that people look at; nothing is downloaded for it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")


def browser_path() -> str:
    """The browser: SHOAL_TEST_BROWSER, or one on the path. Without one it skips, but fails where SHOAL_TEST_DATA is set."""
    found = os.environ.get("SHOAL_TEST_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    sentence = "no Chromium on the path and SHOAL_TEST_BROWSER is not set (Debian: apt-get install chromium)"
    if os.environ.get("SHOAL_TEST_DATA"):
        pytest.fail(sentence)
    pytest.skip(sentence)


@contextmanager
def launched() -> Iterator[Browser]:
    """A running browser. It opens our own pages only, so that it may run as root, as containers do."""
    path = browser_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            browser.close()
