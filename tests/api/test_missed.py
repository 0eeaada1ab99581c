"""What was not earned, over the API: asked for, waited for, shown; with all that may go wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commissions.api.missed import REASONS
from commissions.models import Explanation, Period
from commissions.services import explanations
from commissions.services.refreshing import refresh_period
from tests.api.calling import Caller, just_now
from tests.api.test_members import PLAN_WITH_RANKS
from tests.factories import Cast, make_customer, make_month, make_order

GUIDE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.fixture
def month(cast: Cast) -> Period:
    """Work out the month of today, in which Bob is not active and Dora sells."""
    period = make_month(PLAN_WITH_RANKS, at=timezone.now())
    make_order(make_customer("Ann Ames", sponsor=cast.dora), ("COFFEE", 3), paid_at=just_now())
    make_order(cast.dora, paid_at=just_now())
    refresh_period(period)
    return period


def test_looking_asks_for_nothing(shop: Caller, cast: Cast, month: Period) -> None:
    answer = shop.get(f"/members/{cast.bob.code}/missed").json()

    assert (answer["answer"], answer["as_of"], answer["missed"]) == ("none", None, [])
    assert not Explanation.objects.exists()


def test_what_was_missed_is_asked_for_waited_for_and_shown(
    shop: Caller, cast: Cast, month: Period
) -> None:
    path = f"/members/{cast.bob.code}/missed"

    asked = shop.post(path, {})
    again = shop.post(path, {"period": month.label})
    waiting = shop.get(path).json()
    explanations.answer(Explanation.objects.get().pk)
    shown = shop.get(path).json()
    at_once = shop.post(path, {})

    assert (asked.status_code, again.status_code) == (202, 202)
    assert (asked.json()["answer"], waiting["answer"]) == ("asked", "asked")
    assert (shown["answer"], shown["state"]) == ("current", "estimated")
    assert (at_once.status_code, at_once.json()) == (200, shown)
    rows = [(row["bonus"], row["level"], row["reason"], row["base"]) for row in shown["missed"]]
    assert rows == [
        ("Unilevel", 2, "inactive", "30.00"),
        ("Unilevel", 1, "inactive", "10.00"),
    ]
    assert not any(row["passed_on"] for row in shown["missed"])  # Alice is not active either
    assert [row["orders"] for row in shown["missed"]] == [1, 1]
    assert [row["largest"][0]["base"] for row in shown["missed"]] == ["30.00", "10.00"]


def test_an_answer_of_figures_before_says_so(shop: Caller, cast: Cast, month: Period) -> None:
    path = f"/members/{cast.bob.code}/missed"
    shop.post(path, {})
    explanations.answer(Explanation.objects.get().pk)
    make_order(cast.dora, paid_at=just_now())
    refresh_period(month)

    assert shop.get(path).json()["answer"] == "older"
    assert shop.post(path, {}).status_code == 202


def test_neither_products_nor_people_are_told(shop: Caller, cast: Cast, month: Period) -> None:
    path = f"/members/{cast.bob.code}/missed"
    shop.post(path, {})
    explanations.answer(Explanation.objects.get().pk)

    text = shop.get(path).content.decode()

    for word in ("Ann", "Dora", cast.dora.code, "COFFEE", "example.com"):
        assert word not in text


@pytest.mark.parametrize("period", ["1999-01", "2099-01"])
def test_an_unknown_period_is_not_found(
    shop: Caller, cast: Cast, month: Period, period: str
) -> None:
    path = f"/members/{cast.bob.code}/missed"

    for answer in (shop.get(path, period=period), shop.post(path, {"period": period})):
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_period")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"period": "x" * 50}, "wrong_form"),
        ({"period": ""}, "blank"),
        ({"page": 1}, "unknown_field"),
    ],
)
def test_wrong_values_are_named(
    shop: Caller, cast: Cast, month: Period, query: dict[str, object], code: str
) -> None:
    path = f"/members/{cast.bob.code}/missed"

    for answer in (shop.get(path, **query), shop.post(path, query)):
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (400, "invalid")
        assert problem["errors"][0]["code"] == code


def test_customers_and_nobody_miss_nothing(shop: Caller, cast: Cast, month: Period) -> None:
    ben = make_customer("Ben Best", sponsor=cast.dora)

    for code, wrong in ((ben.code, "no_standing"), ("NOBODY", "not_found")):
        for answer in (
            shop.get(f"/members/{code}/missed"),
            shop.post(f"/members/{code}/missed", {}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, wrong)


def test_looking_costs_as_much_however_much_was_missed(
    shop: Caller, cast: Cast, month: Period
) -> None:
    path = f"/members/{cast.bob.code}/missed"

    def queries() -> int:
        shop.post(path, {})
        explanations.answer(Explanation.objects.get(answered_at=None).pk)
        shop.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert shop.get(path).json()["answer"] == "current"
        return len(captured)

    few = queries()
    for _ in range(20):
        make_order(cast.dora, paid_at=just_now())
    refresh_period(month)

    assert queries() == few


def test_the_guide_names_every_reason() -> None:
    for reason in REASONS:
        assert f"| `{reason}` |" in GUIDE
