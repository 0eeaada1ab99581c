"""`./upline screenshots`: pictures of the demo's pages for the README, into docs/images."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from mlm.development import browser
from mlm.development.demo import READY_SECONDS
from mlm.development.folders import CHECKOUT
from mlm.development.postgres import CannotStart
from mlm.development.services import Services, Taken, command_environment, demo_services

IMAGES: Final = CHECKOUT / "docs" / "images"
ROLE: Final = "leader"
# name: path, width, height
PICTURES: Final = {
    "dashboard-phone": ("/", 390, 844),
    "dashboard-desktop": ("/", 1280, 844),
    "team-phone": ("/team/", 390, 844),
}
STARTING_SECONDS: Final = READY_SECONDS + 600  # a first start makes database and company


def main(arguments: list[str]) -> int:
    """Take every picture of the demo that runs in this checkout, or of one started for it."""
    if arguments:
        print("./upline screenshots takes no arguments", file=sys.stderr)
        return 2
    if not browser.make_sure():
        return 1
    with _running_demo() as word:
        take(word["url"], _sign_in(word["variables"]))
    return 0


def take(url: str, sign_in: dict[str, str]) -> None:
    """Sign in and take the pictures."""
    from playwright.sync_api import sync_playwright  # only the tests' environment has it

    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.find(), args=browser.flags())
        for name, (path, width, height) in PICTURES.items():
            context = chromium.new_context(
                viewport={"width": width, "height": height},
                locale="en-US",
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.goto(f"{url}/sign-in/")
            page.fill("input[type=email]", sign_in["email"])
            page.fill("input[type=password]", sign_in["password"])
            page.press("input[type=password]", "Enter")
            page.wait_for_url(f"{url}/")
            page.goto(f"{url}{path}", wait_until="networkidle")
            page.screenshot(path=IMAGES / f"{name}.png")
            print(f"upline: {IMAGES.relative_to(CHECKOUT) / name}.png", flush=True)
            context.close()
        chromium.close()


@contextmanager
def _running_demo() -> Iterator[dict[str, Any]]:
    """Give url and variables of the demo; one that was started here is stopped at the end."""
    services = demo_services()
    if word := _word(services):
        yield word
        return
    demo = subprocess.Popen([sys.executable, "-m", "mlm.development", "demo"], cwd=CHECKOUT)
    try:
        yield _wait_for(services, demo)
    finally:
        demo.terminate()
        demo.wait()


def _word(services: Services) -> dict[str, Any]:
    """Return what a demo that is up has left to be found; nothing if there is none."""
    try:
        services.take()
    except Taken:
        word = services.word()
        return word if "url" in word else {}
    services.stop()
    return {}


def _wait_for(services: Services, demo: subprocess.Popen[bytes]) -> dict[str, Any]:
    deadline = time.monotonic() + STARTING_SECONDS
    while demo.poll() is None and time.monotonic() < deadline:
        word = services.word()
        if word.get("pid") == demo.pid and "url" in word:
            return word
        time.sleep(0.2)
    raise CannotStart("the demo did not start; its own lines above say why")


def _sign_in(variables: dict[str, str]) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "manage.py", "seed_demo", "--signins"],
        cwd=CHECKOUT,
        env=command_environment(variables),
        capture_output=True,
        text=True,
        check=True,
    )
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    person: dict[str, str] = next(entry for entry in found if entry["role"] == ROLE)
    return person
