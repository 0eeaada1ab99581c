"""Plan versions: read before they are kept, live once, and never rewriting what was paid."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError

from commissions.errors import (
    NoPlan,
    PlanNotForThisCompany,
    PlanNotInThatState,
    WrongCadence,
)
from commissions.models import PeriodType, PlanVersion
from commissions.plan import PlanError
from commissions.services import plans
from commissions.services.periods import lock_period
from tests.factories import JOINED, MONTH, PLAN, make_market, make_month

pytestmark = pytest.mark.django_db


def draft(text: str = PLAN, *, days: int = 0) -> PlanVersion:
    make_month()
    return plans.draft_plan(
        period_type=PeriodType.objects.get(code="monthly"),
        label=f"draft {days}",
        text=text,
        effective_from=MONTH + timedelta(days=days),
    )


def test_a_plan_with_mistakes_is_not_kept() -> None:
    make_month()

    with pytest.raises(PlanError) as refused:
        draft(PLAN.replace('"inactive"', '"inactiv"').replace('"5%"', '"500%"'))

    assert len(refused.value.mistakes) == 2
    assert not PlanVersion.objects.filter(status="draft").exists()


EXAMPLE = '''
[[example]]
name = "Bob's order is Alice's level 1"
network = """
alice
  bob
"""
sales = """
s1: alice 10 0
s2: bob 10 50
"""
pays = """
alice: 5.00
"""
'''


def test_a_plan_whose_example_comes_out_differently_is_not_kept() -> None:
    with pytest.raises(PlanError) as refused:
        draft(PLAN + EXAMPLE.replace("5.00", "6.00"))

    (mistake,) = refused.value.mistakes
    assert "5.00" in mistake.problem
    assert not PlanVersion.objects.filter(status="draft").exists()
    assert draft(PLAN + EXAMPLE).status == "draft"


def test_a_plan_for_another_rhythm_is_refused() -> None:
    with pytest.raises(WrongCadence, match="weekly"):
        draft(PLAN.replace("monthly", "weekly"))


def test_a_period_is_paid_by_the_version_live_at_its_start() -> None:
    november = make_month()
    plans.make_live(draft(days=10))

    version, plan = plans.plan_for(november)

    assert version.label == "v1"
    assert plan.name == "Test plan"


def test_a_period_before_every_plan_has_none() -> None:
    early = make_month(at=JOINED - timedelta(days=90))

    with pytest.raises(NoPlan):
        plans.plan_for(early)


def test_the_text_of_a_live_plan_stays() -> None:
    version = plans.make_live(draft(days=40))

    with pytest.raises(PlanNotInThatState):
        plans.revise_draft(version, label="x", text=PLAN, effective_from=version.effective_from)
    with pytest.raises(IntegrityError, match="has been live"):
        PlanVersion.objects.filter(pk=version.pk).update(text=PLAN + "# changed")


def test_a_locked_period_keeps_the_plan_it_was_locked_with() -> None:
    period = make_month()
    lock_period(period, at=period.grace_ends_at)

    with pytest.raises(PlanNotInThatState, match="2026-11 is locked"):
        plans.make_live(draft())


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ('[tree.two]\nkind = "binary"\n', "This company has no tree named two"),
        (
            '[volume]\nSV = "sv of own orders"\n',
            "products carry pv and cv, and the plan asks for sv",
        ),
        ('[volume]\nPAID = "amount of own orders"\n', "Narnia sells in EUR"),
    ],
)
def test_a_plan_is_not_made_live_where_the_company_lacks_what_it_asks(
    more: str, sentence: str
) -> None:
    elsewhere = make_market("NA", currency="EUR")
    elsewhere.name = "Narnia"
    elsewhere.save()
    wanting = draft(PLAN + more, days=40)

    with pytest.raises(PlanNotForThisCompany, match=sentence):
        plans.make_live(wanting)

    wanting.refresh_from_db()
    assert wanting.status == "draft"


def test_a_pass_up_tree_needs_nothing_that_a_company_lacks() -> None:
    passed_up = PLAN + '[tree.up]\nkind = "pass-up"\nfirst = 1\n'

    assert plans.make_live(draft(passed_up, days=40)).status == "live"
