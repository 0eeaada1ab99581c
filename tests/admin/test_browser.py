"""Every staff page in a real browser: the policy blocks nothing, and it fits a telephone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.services import issue_key
from commissions.models import Period, PlanVersion, Run
from commissions.selectors.gallery import gallery
from commissions.trying import tried_examples
from orders.models import Order
from tests.admin.conftest import SignIn
from tests.admin.test_plans import WRONG
from tests.commissions.plans_of_rules import BOUGHT
from tests.factories import Cast, make_cast, make_month, make_order, make_product, make_storefront

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db: None, sign_in: SignIn) -> tuple[Cast, Client]:
    """Return the cast with something of everything, and a superuser's session."""
    cast = make_cast()
    make_product()
    make_order(cast.dora, ("COFFEE", 2))
    issue_key(make_storefront(), "till", ["orders:write"], None)
    period = make_month()
    Run.objects.create(
        period=period,
        plan_version=PlanVersion.objects.get(),
        kind="live",
        generation=3,
        as_of=period.starts_at,
        commissionable_minor=100_000,
        total_minor=42_500,
        currency="USD",
        timings={"refresh": "0.120"},
    )
    return cast, sign_in(superuser=True)


@pytest.fixture
def open_page(page: Page, world: tuple[Cast, Client], live_server: LiveServer) -> Page:
    """Return a browser's page signed in as a superuser, at the index."""
    cookie = world[1].cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(live_server.url + reverse("admin:index"))
    return page


def addresses() -> list[str]:
    """Return every list, form and row's page, and each deed of the newest rows."""
    found = [reverse("admin:index")]
    for model, pages in admin.site._registry.items():
        stem = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found.append(reverse(f"{stem}_changelist"))
        row = model._default_manager.order_by("pk").last()
        if row is not None:
            found.append(reverse(f"{stem}_change", args=[row.pk]))
            found.append(reverse(f"{stem}_history", args=[row.pk]))
            deeds = getattr(pages, "deeds", ())
            found += [reverse(f"{stem}_deed", args=[row.pk, deed.name]) for deed in deeds]
    stems = ("accounts_user", "accounts_apikey", "orders_product", "commissions_planversion",
             "distributors_holding", "distributors_agreementversion")  # fmt: skip
    found.append(reverse("admin:commissions_planversion_start"))
    return found + [reverse(f"admin:{stem}_add") for stem in stems]


def test_every_page_keeps_to_the_policy_and_to_the_width_of_the_screen(
    open_page: Page, live_server: LiveServer
) -> None:
    """The page fixture fails the test for anything that the policy blocked."""
    found = addresses()
    assert len(found) > 50
    for address in found:
        answer = open_page.goto(live_server.url + address)
        assert answer is not None
        assert answer.status == 200, address
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        for width in (1440, 390):
            open_page.set_viewport_size({"width": width, "height": 844})
            wide = open_page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{address} is {wide} px too wide at {width}"


def test_mistakes_in_a_plan_lead_to_their_lines(open_page: Page, live_server: LiveServer) -> None:
    open_page.goto(live_server.url + reverse("admin:commissions_planversion_add"))
    open_page.select_option("#id_period_type", "monthly")
    open_page.fill("#id_label", "v2")
    open_page.fill("#id_effective_from", "2027-01-01T00:00")
    open_page.fill("#id_text", WRONG)
    open_page.click("input[name=_save]")

    complaints = open_page.locator(".field-text .errorlist li")
    expect(complaints.first).to_contain_text("line ")
    assert complaints.count() >= 3
    expect(open_page.locator(".gutter")).to_contain_text("10")
    expect(open_page.locator("#id_text")).to_have_value(WRONG)
    complaints.last.get_by_role("button").click()
    assert open_page.evaluate("document.activeElement.id") == "id_text"
    assert PlanVersion.objects.count() == 1


def test_a_plan_is_written_from_the_gallery_to_a_draft(
    open_page: Page, live_server: LiveServer, settings: Settings
) -> None:
    """Every page on the way, on a telephone and a desk: nothing blocked, nothing that axe finds."""
    settings.PLAN_PROFILE = "existing"
    tried_examples(gallery()["affiliate"].text)  # however long the engine takes to get warm
    open_page.goto(live_server.url + reverse("admin:commissions_planversion_changelist"))
    open_page.get_by_role("link", name="New plan").click()
    look(open_page)
    open_page.get_by_role("link", name="Affiliate with customer acquisition").click()
    open_page.fill("#id_label", "v2")
    open_page.fill("#id_effective_from", "2027-01-01T00:00")
    open_page.get_by_role("button", name="Check").click()

    expect(open_page.get_by_role("heading", name="Nothing is wrong")).to_be_visible()
    look(open_page)
    open_page.fill("#id_text", WRONG)
    open_page.get_by_role("button", name="Check").click()
    expect(open_page.get_by_role("heading", name="3 mistakes")).to_be_visible()
    look(open_page)
    open_page.locator(".plan-verdict").get_by_role("button").last.click()
    assert open_page.evaluate("document.activeElement.id") == "id_text"
    open_page.fill("#id_text", BOUGHT)
    open_page.get_by_role("button", name="Lay out").click()
    open_page.get_by_role("button", name="Check").click()
    expect(open_page.get_by_role("heading", name="wants 1 signature")).to_be_visible()
    look(open_page)
    assert PlanVersion.objects.count() == 1
    open_page.get_by_role("button", name="Save", exact=True).click()
    version = PlanVersion.objects.get(label="v2")
    for deed in ("sign", "make-live", "discard"):
        address = reverse("admin:commissions_planversion_deed", args=[version.pk, deed])
        open_page.goto(live_server.url + address)
        look(open_page)
    expect(open_page.get_by_role("button", name="Discard")).to_be_visible()


def look(page: Page) -> None:
    """Let axe look at a page on a telephone and a desk, and see that it is no wider."""
    page.wait_for_load_state()
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{page.url} is {wide} px too wide at {width}"
        found = Axe().run(page, options={"preload": False})  # it would write styles into the page
        assert found.violations_count == 0, f"{page.url} {width}: {found.generate_report()}"


def test_an_order_is_shipped_with_two_taps(open_page: Page, live_server: LiveServer) -> None:
    order = Order.objects.get()
    open_page.goto(live_server.url + reverse("admin:orders_order_change", args=[order.pk]))

    open_page.get_by_role("link", name="Mark as shipped").click()
    open_page.get_by_role("button", name="Mark as shipped").click()

    expect(open_page.locator(".messagelist")).to_contain_text("is shipped")
    assert Order.objects.get().status == "shipped"


def test_the_pages_work_without_scripts(
    world: tuple[Cast, Client], browser: Browser, live_server: LiveServer
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-US")
    cookie = world[1].cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("admin:commissions_planversion_add"))
    page.select_option("#id_period_type", "monthly")
    page.fill("#id_label", "v2")
    page.fill("#id_effective_from", "2027-01-01T00:00")
    page.fill("#id_text", WRONG)
    page.click("input[name=_save]")

    expect(page.locator(".field-text .errorlist li").first).to_contain_text("line ")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", name="3 mistakes")).to_be_visible()
    expect(page.locator("#id_text")).to_have_value(WRONG)
    assert Period.objects.count() == 1
    context.close()
