"""How we are paid: public, in plain words, the same for all, and kept by caches."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django import DjangoAssertNumQueries, Settings
from pytest_django.live_server_helper import LiveServer

from commissions.models import Period, PeriodType, PlanVersion
from commissions.services import periods
from commissions.services.plans import draft_plan, make_live
from tests.admin.pages import words
from tests.commissions.plans_of_rules import LAWFUL
from tests.factories import PLAN, make_month

PAGE = "/how-we-are-paid/"
WEEKLY_TOO = (
    LAWFUL
    + """
[[bonus]]
name    = "Shop"
kind    = "retail"
pays_on = "CV"
cadence = "weekly"
rates   = "5%"
"""
)


@pytest.fixture
def month(db: None) -> Period:
    """Return this month with the plan that pays it, live since last year."""
    return make_month(at=timezone.now())


def live(kind: PeriodType, text: str, label: str, *, days: int) -> PlanVersion:
    """Return a version that is live from so many days after the first of this month."""
    start = periods.period_around(kind, timezone.now()).starts_at
    return make_live(
        draft_plan(
            period_type=kind, label=label, text=text, effective_from=start + timedelta(days=days)
        )
    )


def test_strangers_read_the_plan_in_force_in_plain_words(month: Period, settings: Settings) -> None:
    settings.COMPANY_NAME = "Corrie & Quay"

    response = Client().get(PAGE)

    page = words(response)
    assert response.status_code == 200
    assert "At Corrie & Quay, money comes from products, never from joining." in page
    assert "Version v1, in force since 5 January 2026" in page
    assert PlanVersion.objects.get().digest[:12] in page
    assert "10% of the commission volume (CV) on level 1" in page
    assert Client().get(PAGE.rstrip("/")).status_code == 301


def test_the_page_says_so_when_no_plan_is_live(db: None) -> None:
    response = Client().get(PAGE)

    assert response.status_code == 200
    assert "No plan is in force yet" in words(response)


def test_a_draft_is_shown_to_nobody(month: Period) -> None:
    draft_plan(period_type=month.type, label="secret", text=LAWFUL, effective_from=month.starts_at)

    assert "secret" not in words(Client().get(PAGE))
    assert Client().get(PAGE, {"version": "secret"}).status_code == 404


def test_a_plan_pays_the_periods_that_begin_under_it(month: Period) -> None:
    """One that became live in the middle of the month pays from the next month on."""
    live(month.type, LAWFUL, "v2", days=0 if timezone.now() < month.starts_at else 1)

    page = words(Client().get(PAGE))

    assert "Version v1, in force since" in page
    assert "What will change" in page
    assert "v2" in page
    assert "Corner shop" not in page
    ahead = words(Client().get(PAGE, {"version": "v2"}))
    assert "This version is not in force." in ahead
    assert "for periods from" in ahead
    assert "Corner shop" in ahead


def test_earlier_versions_stay_readable(month: Period) -> None:
    live(month.type, LAWFUL, "v2", days=0)

    now = words(Client().get(PAGE))
    before = words(Client().get(PAGE, {"version": "v1"}))

    assert "Version v2, in force since" in now
    assert "What will change" not in now
    assert "All versions" in now
    assert "Version v1, from 5 January 2026 until" in before
    assert "10% of the commission volume (CV) on level 1" in before


@pytest.mark.parametrize("wanted", ["", "none", "x" * 500, "\x00", "v1\x00", "<b>"])
def test_a_version_that_there_is_not_is_not_found(month: Period, wanted: str) -> None:
    assert Client().get(PAGE, {"version": wanted}).status_code == 404


def test_a_text_for_two_rhythms_is_told_once(db: None) -> None:
    text = WEEKLY_TOO
    weekly = PeriodType.objects.create(code="a-week", name="Weekly", cadence="weekly")
    make_month(text, at=timezone.now())
    live(weekly, text, "weekly", days=0)

    page = words(Client().get(PAGE))

    assert page.count("In general") == 1
    assert "Version v1" in page
    assert "Version weekly" not in page


def test_a_text_that_cannot_be_read_any_more_is_shown_as_it_is(
    month: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    from commissions.plan import PlanError

    def refuse(text: str) -> None:
        raise PlanError([])

    monkeypatch.setattr("commissions.selectors.plans_in_force.compiled", refuse)

    page = words(Client().get(PAGE))

    assert "written in an older form" in page
    assert 'name = "Test plan"' in page


def test_caches_keep_the_page_and_ask_by_its_fingerprint(month: Period) -> None:
    first = Client().get(PAGE)
    etag = first.headers["ETag"]

    again = Client().get(PAGE, headers={"If-None-Match": etag})
    live(month.type, LAWFUL, "v2", days=0)
    changed = Client().get(PAGE, headers={"If-None-Match": etag})

    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert "Cookie" not in first.headers.get("Vary", "")
    assert not first.cookies
    assert again.status_code == 304
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag


def test_who_is_signed_in_sees_the_same(month: Period, admin_client: Client) -> None:
    assert admin_client.get(PAGE).content == Client().get(PAGE).content
    assert Client().head(PAGE).status_code == 200
    assert Client().post(PAGE).status_code == 405


def test_the_page_costs_the_same_with_many_versions(
    month: Period, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        Client().get(PAGE)
    for number in range(12):
        live(month.type, LAWFUL, f"later {number}", days=40 + number)

    with django_assert_num_queries(2):
        Client().get(PAGE)


def test_the_sign_in_page_leads_there(month: Period) -> None:
    assert f'href="{PAGE}"' in Client().get("/sign-in/").content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_fits_every_screen_and_axe_finds_nothing(
    page: Page, live_server: LiveServer
) -> None:
    """The page fixture fails the test for anything that the policy blocked."""
    addresses = [live_server.url + PAGE]
    for with_plan in (False, True):
        if with_plan:
            kind = make_month(PLAN, at=timezone.now()).type
            live(kind, LAWFUL, "v2", days=40)
            addresses.append(f"{live_server.url}{PAGE}?version=v2")
        for address in addresses:
            for width in (390, 1440):
                page.set_viewport_size({"width": width, "height": 844})
                for scheme in ("light", "dark"):
                    page.emulate_media(color_scheme=scheme)
                    page.goto(address)
                    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                    assert wide <= 0, f"{address} is {wide} px too wide at {width}"
                    found = Axe().run(page)
                    assert found.violations_count == 0, found.generate_report()
