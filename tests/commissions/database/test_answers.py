"""Why, and why not: what is stored for a member's page, from live arrays and from frozen files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commissions import answers
from commissions.calculation import calculate
from commissions.models import Earning, Period, Run
from commissions.reading import read_books
from commissions.services import explanations
from commissions.services.closing import close_period
from commissions.services.periods import period_around
from commissions.services.plans import plan_for
from commissions.services.refreshing import refresh_period
from distributors.models import Member
from orders.models import Order
from orders.returning import PiecesBack, return_goods
from tests.factories import (
    Cast,
    make_cast,
    make_customer,
    make_month,
    make_order,
    make_product,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_folder")]

Told = list[dict[str, Any]]
MONTHS = [datetime(2026, month, 1, tzinfo=UTC) for month in (9, 10)]
DAY = MONTHS[0] + timedelta(days=5)
PLAN = """
name     = "Answers"
currency = "USD"
cadence  = "monthly"

[active]
require = ["PV >= 10"]

[[bonus]]
name        = "Team"
kind        = "unilevel"
pays_on     = "CV"
compression = "none"
rates       = ["10%", "5%", "2%"]

[[bonus]]
name  = "Match"
kind  = "matching"
of    = ["Team"]
rates = ["50%"]

[[bonus]]
name   = "Pool"
kind   = "pool"
fund   = "2% of CV"
shares = "equal"

[[deduction]]
name = "Withheld"
rate = "10%"
"""


@pytest.fixture
def month() -> tuple[Cast, Period, Order]:
    """Return September, in which Bob is not active, and the order of Ann, Dora's customer."""
    cast = make_cast()
    make_product(pv=1_000, cv=10_000)
    period = make_month(PLAN, at=MONTHS[0])
    for member in (cast.alice, cast.dora):
        make_order(member, paid_at=DAY)
    return cast, period, make_order(make_customer("Ann Ames", sponsor=cast.dora), paid_at=DAY)


@dataclass(frozen=True)
class Answer:
    lines: Told
    missed: Told


def answered(run: Run, member: Member) -> Answer:
    question = explanations.request(run, member)
    explanations.answer(question.pk)
    question.refresh_from_db()
    assert question.lines is not None
    assert question.missed is not None
    return Answer(question.lines, question.missed)


def shown(lines: Told, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(line[name] for name in names) for line in lines]


def test_lines_tell_what_they_rest_on(month: tuple[Cast, Period, Order]) -> None:
    cast, period, order = month

    lines = answered(refresh_period(period), cast.dora).lines

    assert shown(lines, "name", "evidence", "order", "credited", "of", "of_bonus", "level") == [
        ("Team", "sale", order.code, cast.dora.pk, None, None, 1),
        ("Pool", "pool", None, None, None, None, 0),
        ("Withheld", "earnings", None, None, cast.dora.pk, None, 0),
    ]
    team, pool, withheld = lines
    assert (team["at"], team["base"], team["rate_ppm"]) == (DAY.isoformat(), 10_000, 100_000)
    assert team["amount_minor"] + pool["amount_minor"] == -10 * withheld["amount_minor"]


def test_matched_earnings_name_whose_and_in_which_bonus(month: tuple[Cast, Period, Order]) -> None:
    cast, period, _ = month
    make_order(cast.bob, paid_at=DAY)

    lines = answered(refresh_period(period), cast.bob).lines

    matched = [line for line in lines if line["name"] == "Match"]
    assert shown(matched, "evidence", "of", "of_bonus", "in_money", "base") == [
        ("earnings", cast.dora.pk, "Team", True, 1_000)
    ]


def test_what_is_not_paid_is_told_with_its_reason(month: tuple[Cast, Period, Order]) -> None:
    cast, period, order = month
    own = Order.objects.get(buyer=cast.dora)

    missed = answered(refresh_period(period), cast.bob).missed

    assert [one for one in missed if one["name"] == "Team"] == [
        {
            "bonus": 0, "name": "Team", "level": level, "reason": "inactive", "because": None,
            "passed": False, "taken": False, "base": 10_000, "in_money": False,
            "amount_minor": None, "people": 0, "orders": 1,
            "largest": [
                {"order": code, "at": DAY.isoformat(), "credited": cast.dora.pk, "base": 10_000}
            ],
        }
        for level, code in ((1, own.code), (2, order.code))
    ]  # fmt: skip


def test_the_lines_of_an_order_count_as_one_and_the_largest_are_named(
    month: tuple[Cast, Period, Order],
) -> None:
    cast, period, _ = month
    make_product("TEA", pv=100, cv=500)
    many = [make_order(cast.dora, ("TEA", n), ("COFFEE", n), paid_at=DAY) for n in range(1, 9)]

    missed = answered(refresh_period(period), cast.bob).missed

    (first,) = [one for one in missed if (one["name"], one["level"]) == ("Team", 1)]
    assert first["orders"] == 9
    assert [one["order"] for one in first["largest"]] == [one.code for one in many[:-6:-1]]
    assert first["largest"][0]["base"] == 8 * 10_500


def test_who_is_no_distributor_misses_nothing(month: tuple[Cast, Period, Order]) -> None:
    _, period, order = month

    answer = answered(refresh_period(period), order.buyer)

    assert (answer.lines, answer.missed) == ([], [])


def test_a_posted_run_is_answered_from_what_it_froze(month: tuple[Cast, Period, Order]) -> None:
    cast, period, _ = month
    live = refresh_period(period)
    said = {who: answered(live, who) for who in (cast.alice, cast.bob, cast.dora)}

    run = close_period(period, at=period.grace_ends_at)

    for who, answer in said.items():
        posted = answered(run, who)
        assert posted.lines == answer.lines
        assert posted.missed == answer.missed


def test_what_is_taken_back_tells_the_order_and_when_it_came_back(
    month: tuple[Cast, Period, Order],
) -> None:
    cast, period, order = month
    run = close_period(period, at=period.grace_ends_at)
    back = MONTHS[1] + timedelta(days=2)
    return_goods(order, external_id="R", pieces=[PiecesBack(1, 1)], reason="", returned_at=back)

    lines = answered(refresh_period(period_around(period.type, MONTHS[1])), cast.dora).lines

    assert {line["reverses"] for line in lines} == {run.pk}
    team = next(line for line in lines if line["name"] == "Team")
    assert (team["order"], team["returned_at"]) == (order.code, back.isoformat())
    assert team["amount_minor"] == -1_000
    assert {line["name"] for line in lines} == {"Team", "Pool", "Withheld"}


def test_answers_name_no_product_and_no_customer(month: tuple[Cast, Period, Order]) -> None:
    cast, period, order = month
    run = refresh_period(period)

    for who in (cast.alice, cast.bob, cast.dora):
        answer = answered(run, who)
        text = json.dumps([answer.lines, answer.missed])
        assert "COFFEE" not in text.upper()
        assert "ANN" not in text.upper()
        people = {one["credited"] for one in answer.lines} | {one["of"] for one in answer.lines}
        assert order.buyer_id not in people


def test_lines_add_up_to_the_earnings(month: tuple[Cast, Period, Order]) -> None:
    cast, period, _ = month
    run = refresh_period(period)

    for who in (cast.alice, cast.dora):
        lines = answered(run, who).lines
        earned = Earning.objects.filter(run=run, member_id=who.pk)
        assert sum(line["amount_minor"] for line in lines) == sum(
            row.amount_minor for row in earned
        )


def test_small_lines_beyond_the_limit_are_summed(
    month: tuple[Cast, Period, Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, period, _ = month
    for _ in range(5):
        make_order(cast.dora, paid_at=DAY)
    monkeypatch.setattr(answers, "MOST_LINES", 3)

    lines = answered(refresh_period(period), cast.alice).lines

    summed = [line for line in lines if "count" in line]
    assert ("Team", None) in {(line["name"], line["order"]) for line in summed}
    assert sum(line["count"] for line in summed) + 3 == sum(
        row.lines for row in Earning.objects.filter(member_id=cast.alice.pk)
    )


def test_an_answer_asks_as_much_of_the_database_however_many_lines(
    month: tuple[Cast, Period, Order],
) -> None:
    cast, period, _ = month
    version, plan = plan_for(period)
    assert version.label == "v1"

    def asked() -> int:
        calculated = calculate(read_books(period, plan), plan)
        with CaptureQueriesContext(connection) as captured:
            answers.told_missed(calculated.result, cast.bob.pk)
        return len(captured)

    few = asked()
    for _ in range(20):
        make_order(cast.dora, paid_at=DAY)

    assert asked() == few == 1
