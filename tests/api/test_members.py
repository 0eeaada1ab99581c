"""Members and their figures over the API: what others may know, with its state and its moment."""

from __future__ import annotations

import pytest
from django.utils import timezone

from commissions.services.refreshing import refresh_period
from tests.api.calling import Caller, just_now
from tests.factories import Cast, make_customer, make_month, make_order

PLAN_WITH_RANKS = """
name     = "Test plan"
currency = "USD"
cadence  = "monthly"

[active]
require = ["PV >= 10"]

[[rank]]
name    = "Starter"
require = ["active"]

[[rank]]
name    = "Leader"
require = ["active", "GV >= 500"]

[[bonus]]
name        = "Unilevel"
kind        = "unilevel"
tree        = "sponsor"
pays_on     = "CV"
compression = "inactive"
rates       = ["10%", "5%", "2%"]
"""


def test_a_member_is_shown_without_any_contact(shop: Caller, cast: Cast) -> None:
    answer = shop.get(f"/members/{cast.dora.code}")

    assert answer.json() == {
        "code": cast.dora.code,
        "name": "Dora D.",
        "role": "distributor",
        "status": "active",
        "market": "US",
        "sponsor": cast.bob.code,
        "joined_at": "2026-01-05T12:00:00Z",
    }


def test_the_topmost_member_has_no_sponsor(shop: Caller, cast: Cast) -> None:
    assert shop.get("/members/HOUSE").json()["sponsor"] is None


@pytest.mark.parametrize("path", ["/members/NOBODY", "/members/NOBODY/standing"])
def test_an_unknown_member_is_not_found(shop: Caller, cast: Cast, path: str) -> None:
    answer = shop.get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.fixture
def month(cast: Cast) -> str:
    """Work out the month of today, in which Dora sold to Ann and bought herself."""
    period = make_month(PLAN_WITH_RANKS, at=timezone.now())
    ann = make_customer("Ann Ames", sponsor=cast.dora)
    for buyer, pieces in ((ann, 3), (cast.dora, 1), (cast.bob, 1)):
        make_order(buyer, ("COFFEE", pieces), paid_at=just_now())
    refresh_period(period)
    return period.label


def test_a_standing_says_what_is_there_what_is_missing_and_as_of_when(
    shop: Caller, cast: Cast, month: str
) -> None:
    standing = shop.get(f"/members/{cast.bob.code}/standing").json()

    assert (standing["member"], standing["state"], standing["active"]) == (
        cast.bob.code,
        "estimated",
        True,
    )
    assert standing["period"]["label"] == month
    assert (standing["pv"], standing["gv"]) == ("15.00", "75.00")
    assert (standing["rank"], standing["paid_as"]) == ("Starter", "Starter")
    assert (standing["title"], standing["highest"]) == ("Starter", "Starter")
    assert standing["volumes"] == [
        {"name": "PV", "points": "15.00"},
        {"name": "CV", "points": "10.00"},
        {"name": "GV", "points": "75.00"},
    ]
    active = {
        "requirement": "active", "part_of": "active", "unit": "yes_or_no", "compare": "at_least",
        "met": True, "have": "1", "need": "1", "missing": "0",
    }  # fmt: skip
    volume = {
        "requirement": "GV >= 500", "part_of": "GV >= 500", "unit": "points",
        "compare": "at_least", "met": False, "have": "75.00", "need": "500.00",
        "missing": "425.00",
    }  # fmt: skip
    assert standing["next_rank"] == {"name": "Leader", "requirements": [active, volume]}
    assert standing["to_keep"] == {"name": "Starter", "requirements": [active]}
    assert [step["requirement"] for step in standing["to_be_active"]] == ["PV >= 10"]
    # Ann's 30 CV are Dora's level 1 and Bob's level 2; Dora's own 10 are Bob's level 1
    assert standing["earnings"] == {"amount": "2.50", "currency": "USD"}
    assert standing["as_of"].endswith("Z")


def test_a_period_may_be_named(shop: Caller, cast: Cast, month: str) -> None:
    path = f"/members/{cast.bob.code}/standing"

    named = shop.get(path, period=month)
    unknown = shop.get(path, period="1999-01")

    assert named.json() == shop.get(path).json()
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_period")


def test_a_customer_has_no_standing(shop: Caller, cast: Cast, month: str) -> None:
    ben = make_customer("Ben Best", sponsor=cast.dora)

    answer = shop.get(f"/members/{ben.code}/standing")

    assert (answer.status_code, answer.json()["code"]) == (404, "no_standing")
