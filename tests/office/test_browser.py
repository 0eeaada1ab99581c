"""Every page in a real browser, with data: nothing blocked, nothing axe finds, no wider than it is.

And what only a browser can tell: rows that open and fold, figures that change by themselves, lines
that are waited for, and all of it without scripts.
"""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from commissions.models import Explanation
from commissions.services import explanations
from commissions.services.refreshing import refresh_period
from distributors.models import Member, Status
from distributors.services import change_status
from mlm.celery import app
from office.access import Rule
from tests.factories import make_order
from tests.office.gallery import make_company, text_of
from tests.office.test_rights import NAMES, RULES, address, address_in
from tests.office.world import World, answered, client_of, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOT_A_PAGE = {"pulse", "own-pulse", "live-figures", "banner", "sign-out", "team-rows", "link-qr"}


@pytest.fixture
def world(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """Return the small company, where the browser's server can see it."""
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)
    return make_world()


def come_in(page: Page, live_server: LiveServer, member: Member) -> None:
    """Sign a member in, in this browser."""
    cookie = client_of(member).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])


def look(page: Page, url: str) -> None:
    """Open a page on a telephone and a desk, light and dark, and let axe look at each."""
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto(url)
            too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert too_wide <= 0, f"{url} is {too_wide} px too wide at {width}"
            found = Axe().run(page)
            assert found.violations_count == 0, f"{url} {width} {scheme}: {found.generate_report()}"


def test_every_page_of_a_distributor(page: Page, world: World, live_server: LiveServer) -> None:
    answered(world.run, world.cast.alice)
    come_in(page, live_server, world.cast.alice)

    for name in NAMES:
        if RULES[name] != Rule.EVERYONE and name not in NOT_A_PAGE:
            look(page, live_server.url + address(name, world))
    look(page, f"{live_server.url}/team/?q=dora")
    look(page, f"{live_server.url}/team/?q=nobody")


@pytest.mark.parametrize("name", ["stairstep", "hybrid"])
def test_pages_of_figures_under_richer_plans(
    name: str, page: Page, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long names, many volumes, legs, pools, and what was not earned, of who sells nothing, too."""
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)
    for company in make_company(text_of(name)):
        for member in (company.cast.alice, company.hal):
            come_in(page, live_server, member)
            answered(company.run, member)
            for one in ("home", "period", "lines", "missed", "volume", "team"):
                look(page, live_server.url + address_in(one, company.period, below=member))


def test_what_was_not_earned_is_asked_for_waited_for_and_shown(
    page: Page, world: World, live_server: LiveServer
) -> None:
    come_in(page, live_server, world.cast.alice)
    page.goto(live_server.url + address("period", world))
    page.get_by_role("link", name="Look it up").click()
    expect(page.get_by_text("Looking up what reached you")).to_be_visible()

    explanations.answer(Explanation.objects.get().pk)

    expect(page.get_by_text("Nothing missed")).to_be_visible()


def test_every_page_of_a_customer(page: Page, world: World, live_server: LiveServer) -> None:
    come_in(page, live_server, world.cleo)

    for name in ("home", "orders", "account", "password", "agreement"):
        look(page, live_server.url + address(name, world))


def test_every_page_of_strangers(page: Page, world: World, live_server: LiveServer) -> None:
    for where in (
        "/sign-in/",
        "/join/",
        "/r/nobody/",
        "/no-such-page/",
        address("referral", world),
    ):
        look(page, live_server.url + where)


def test_pages_of_people_in_trouble(page: Page, world: World, live_server: LiveServer) -> None:
    come_in(page, live_server, world.cast.carl)
    now = timezone.now()
    for status in (Status.SUSPENDED, Status.TERMINATED):
        change_status(world.cast.carl, status, effective_from=now, reason="x", actor=None, at=now)
        look(page, f"{live_server.url}/")


def test_rows_open_level_by_level_and_fold(
    page: Page, world: World, live_server: LiveServer
) -> None:
    come_in(page, live_server, world.cast.alice)
    page.goto(f"{live_server.url}/team/")
    twig = page.get_by_role("button", name="Members below Bob Brown")
    expect(twig).to_have_attribute("aria-expanded", "false")

    twig.click()

    expect(page.get_by_text("Dora D.")).to_be_visible()
    expect(twig).to_have_attribute("aria-expanded", "true")
    twig.click()
    expect(page.get_by_text("Dora D.")).to_have_count(0)
    twig.press(" ")
    expect(page.get_by_text("Dora D.")).to_be_visible()
    assert page.url == f"{live_server.url}/team/"


def test_figures_change_by_themselves_within_seconds(
    page: Page, world: World, live_server: LiveServer
) -> None:
    come_in(page, live_server, world.cast.alice)
    page.goto(f"{live_server.url}/")
    before = page.locator(".hero-sum").inner_text()

    make_order(world.cleo, ("COFFEE", 5), paid_at=timezone.now())
    refresh_period(world.period)

    expect(page.locator(".hero-sum")).not_to_have_text(before, timeout=5_000)
    expect(page.locator("#figures")).to_have_count(1)


def test_figures_of_others_are_fetched_by_nobody_else(
    page: Page, world: World, live_server: LiveServer
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(live_server.url)))
    come_in(page, live_server, world.cast.alice)
    page.goto(f"{live_server.url}/")

    make_order(world.olga, ("COFFEE", 5), paid_at=timezone.now())
    refresh_period(world.period)
    page.wait_for_event("request", lambda request: "/live/pulse/W" in request.url)
    page.wait_for_timeout(1_000)

    assert not any(address.startswith(f"/live/{world.run.pk}.") for address in asked)


def test_a_page_that_nobody_looks_at_asks_for_nothing(
    page: Page, world: World, live_server: LiveServer
) -> None:
    come_in(page, live_server, world.cast.alice)
    page.add_init_script("Object.defineProperty(document, 'hidden', {get: () => window.isAway})")
    page.goto(f"{live_server.url}/")
    with page.expect_request("**/live/pulse/"):
        pass
    page.evaluate("window.isAway = true; document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(500)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(4_000)

    assert asked == []
    with page.expect_request("**/live/pulse/"):
        page.evaluate(
            "window.isAway = false; document.dispatchEvent(new Event('visibilitychange'))"
        )


def test_the_lines_are_asked_for_waited_for_and_shown(
    page: Page, world: World, live_server: LiveServer
) -> None:
    come_in(page, live_server, world.cast.alice)
    page.goto(f"{live_server.url}/")
    page.get_by_role("link", name="Why this amount").click()
    expect(page.get_by_text("Looking up every order")).to_be_visible()

    explanations.answer(Explanation.objects.get().pk)

    expect(page.get_by_text("All lines together")).to_be_visible()
    expect(page.get_by_text("Bob Brown").first).to_be_visible()


def test_the_link_is_copied(page: Page, world: World, live_server: LiveServer) -> None:
    come_in(page, live_server, world.cast.alice)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    page.goto(f"{live_server.url}/link/")

    page.get_by_role("button", name="Copy link").click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{live_server.url}/r/{world.cast.alice.referral_code}/"


def test_the_readers_own_clock_is_told(
    browser: Browser, world: World, live_server: LiveServer
) -> None:
    context = browser.new_context(timezone_id="America/Lima")
    page = context.new_page()
    come_in(page, live_server, world.cast.alice)

    page.goto(f"{live_server.url}/")

    expect(page.locator(".banner-end")).to_contain_text("yours")
    context.close()


def test_everything_is_there_without_scripts(
    browser: Browser, world: World, live_server: LiveServer
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    come_in(page, live_server, world.cast.alice)
    page.goto(f"{live_server.url}/team/")
    page.get_by_role("link", name="Members below Bob Brown").click()
    assert page.get_by_text("Dora D.").is_visible()
    page.goto(live_server.url + address("lines", world))
    page.get_by_role("button", name="Show the orders").click()
    assert page.get_by_text("Looking up every order").is_visible()
    explanations.answer(Explanation.objects.get().pk)

    page.get_by_role("link", name="Look again").click()

    assert page.get_by_text("All lines together").is_visible()
    assert page.get_by_role("button", name="Copy link").count() == 0
    context.close()
