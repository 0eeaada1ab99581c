"""A period that is being closed, in a browser: the page keeps up by itself, and without scripts."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from commissions.models import Closing
from commissions.services.closings import ask_close
from tests.admin.conftest import SignIn
from tests.admin.test_browser import look
from tests.admin.test_closing_periods import BEGAN, say
from tests.admin.test_periods import address
from tests.factories import make_month

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def closing(transactional_db: None) -> Closing:
    """Return a closing of a month that is long over, at its second step."""
    closing = ask_close(make_month(at=BEGAN.replace(month=3)), at=BEGAN)
    say(closing, unit="rows", done=5_000)
    return closing


def cookie(client: Client, live_server: LiveServer) -> dict[str, str]:
    """Return what signs a browser in as a client is."""
    return {
        "name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url,
    }  # fmt: skip


def test_the_page_keeps_up_with_the_closing_until_it_is_cancelled(
    closing: Closing, page: Page, sign_in: SignIn, live_server: LiveServer
) -> None:
    """Nothing that the policy blocks and nothing that axe finds, on a telephone and a desk."""
    page.context.add_cookies([cookie(sign_in("Commission approver"), live_server)])  # type: ignore[list-item]  # a cookie
    page.goto(live_server.url + address(closing.period))
    expect(page.locator(".closing")).to_contain_text("reading: sales")
    look(page)

    say(closing, stage="write", part="", unit="rows", done=740_000, total=1_346_011)
    expect(page.locator(".closing")).to_contain_text("740,000 of 1,346,011 rows")

    say(closing, ago=90)
    expect(page.locator(".closing")).to_contain_text("Nothing is heard")
    page.get_by_role("link", name="Cancel the closing").click()
    page.fill("#id_reason", "Two orders of the last day are missing")
    look(page)
    page.get_by_role("button", name="Cancel the closing").click()

    expect(page.locator(".closing")).to_contain_text("Two orders of the last day are missing")
    expect(page.get_by_role("link", name="Close the books")).to_be_visible()
    look(page)


def test_the_page_works_without_scripts(
    closing: Closing, browser: Browser, sign_in: SignIn, live_server: LiveServer
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-US")
    context.add_cookies([cookie(sign_in("Auditor"), live_server)])  # type: ignore[list-item]  # a cookie
    page = context.new_page()
    page.goto(live_server.url + address(closing.period))

    say(closing, stage="post", part="")
    page.get_by_role("link", name="Look again how far it is").click()

    expect(page.locator(".closing")).to_contain_text("posting")
    context.close()
