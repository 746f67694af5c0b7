"""Find the Chromium that the browser tests drive; ``--install`` it first where that is easy.

Prints the path of the executable. Where there is none, says what to install and exits with 1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/usr/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
MISSING = """\
The browser tests need Chromium, and none was found: not in CHROMIUM, not on the PATH as {names}, \
and not in Playwright's own folder. Do one of these:
  - Debian, as root:    apt-get update && apt-get install -y chromium
  - Ubuntu and others:  install Google Chrome or your distribution's Chromium
  - anywhere:           .venv/bin/playwright install --with-deps chromium
  - set CHROMIUM to the path of a Chromium or Chrome that you have."""


def find() -> str:
    """Return the path of a Chromium, or raise with what to install."""
    named = os.environ.get("CHROMIUM")
    if named and not Path(named).is_file():
        raise FileNotFoundError(f"CHROMIUM is {named!r}, and there is no such file.")
    found = next(candidates(), None)
    if found is None:
        raise FileNotFoundError(MISSING.format(names=", ".join(NAMES)))
    return found


def candidates() -> Iterator[str]:
    """Yield the executables that exist, the likeliest first."""
    named = os.environ.get("CHROMIUM")
    if named:
        yield named
    yield from (place for place in PLACES if Path(place).is_file())
    yield from filter(None, map(shutil.which, NAMES))
    yield from playwrights_own()


def playwrights_own() -> Iterator[str]:
    """Yield the build that ``playwright install chromium`` downloaded, if somebody ran that."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if Path(path).is_file():
        yield path


def install() -> None:
    """Install Debian's Chromium, where we are root and there is apt-get."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]):
            subprocess.run(command, stdout=sys.stderr, check=False)


def main() -> int:
    """Print the path; install first if it was asked for and nothing is there."""
    try:
        if "--install" in sys.argv and next(candidates(), None) is None:
            install()
        print(find())
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
