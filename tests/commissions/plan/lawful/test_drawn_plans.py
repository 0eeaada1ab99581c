"""Plans drawn over the whole language: every rule looks at them, and nothing possible is missed."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from commissions.engine.plan import PayKind, Plan
from commissions.lab.outcome import Outcome
from commissions.plan import read_plan
from commissions.plan.lawful.law import profiles
from commissions.plan.lawful.review import review
from tests.commissions.plan.lawful.asking import found
from tests.oracle.drawing.case import Case
from tests.oracle.drawing.cases import case_of
from tests.oracle.drawing.toml_text import plan_text
from tests.oracle.lab_side import lab_outcomes

BOTH, CUSTOMERS = " of own and customers' ", " of customers' "


def with_customers(case: Case, seed: int) -> Case:
    """Return a case in which many volumes are made of customers' orders only."""
    dice = random.Random(seed)  # noqa: S311  (draws tests, keeps no secret)
    plan: dict[str, Any] = dict(case.plan)
    volumes = {"PV": f"pv{BOTH}orders", "CV": f"cv{BOTH}orders", **plan.get("volume", {})}
    for name, phrase in volumes.items():
        if isinstance(phrase, str) and dice.randrange(4):
            volumes[name] = phrase.replace(BOTH, CUSTOMERS).replace(" of own ", CUSTOMERS)
    return replace(case, plan={**plan, "volume": volumes})


def only_buying(case: Case) -> Case:
    """Return a case without customers' orders, ranks set by hand, and a past."""
    customers = {person.id for person in case.people if person.is_customer}
    kept = [
        row
        for row in case.sales
        if row.member not in customers and row.purpose != "customer_order"
    ]  # fmt: skip
    ids = {row.id for row in kept}
    return replace(
        case,
        people=[replace(person, rank="") for person in case.people],
        sales=[row for row in kept if not row.returns or row.returns in ids],
        state=[],
    )


def happened(plan: Plan, outcome: Outcome) -> Iterator[str]:
    """Yield the ranks above the first that were reached, and the bonuses that paid somebody."""
    for rank in set(outcome.result.standings.qualified.tolist()) - {0, 1}:
        yield f"rank {plan.rank_name(rank)}"
    earnings = outcome.result.earnings
    paid: dict[tuple[int, int], int] = {}
    capped = set()
    for earner, place, amount in zip(
        earnings.earner.tolist(), earnings.bonus.tolist(), earnings.amount.tolist(), strict=True
    ):
        pay = plan.pays[place]
        if pay.kind in {PayKind.BONUS, PayKind.CAP}:
            paid[earner, pay.of] = paid.get((earner, pay.of), 0) + amount
        elif pay.kind == PayKind.PLAN_CAP:
            capped.add(earner)
    for (earner, bonus), amount in paid.items():
        may_be_capped = plan.cap is not None and bonus in plan.cap.inside and earner in capped
        if amount > 0 and not may_be_capped:
            yield f"bonus {plan.bonuses[bonus].name}"


@pytest.mark.parametrize("start", range(0, 100, 20))
def test_nothing_that_buying_alone_reaches_is_missed(start: int) -> None:
    for seed in range(start, start + 20):
        case = with_customers(case_of(seed), seed)
        text = plan_text(dict(case.plan))
        plan = read_plan(text)
        findings = {finding.what for finding in found(text, "own-purchases-alone").findings}

        for outcome in lab_outcomes(only_buying(case)):
            assert set(happened(plan, outcome)) <= findings, f"case {seed}"


@pytest.mark.parametrize("profile", list(profiles()))
def test_every_profile_can_look_at_every_plan(profile: str) -> None:
    for seed in range(60):
        text = plan_text(dict(case_of(seed).plan))
        whole = review(text, profile, ("CN", "VN", "ZZ"))

        assert all(str(finding) and finding.key for finding in whole.findings)
        assert str(whole.worst_case)
