"""What requirements become: each phrase of the language page, one by one."""

import pytest

from commissions.engine.plan import (
    AND,
    ENROLLER,
    OR,
    SPONSOR,
    Asks,
    CustomersFigure,
    JoinedFigure,
    LimitedFigure,
    Past,
    PastFigure,
    PeopleFigure,
    Plan,
    RankBeforeFigure,
    Requirement,
    Scope,
    Term,
)
from tests.commissions.plan.texts import RANKS, TREES, plan_of

PV, CV, GV = 0, 1, 2
POWER, GRID = 2, 3


def asked(phrase: str) -> tuple[Requirement, Plan]:
    """Return what a bonus requires that says this, in a plan with ranks and trees."""
    plan = plan_of(
        f'{TREES}{RANKS}[[bonus]]\nname = "B"\nkind = "retail"\npays_on = "CV"\nrates = "5%"\n'
        f'requires = ["{phrase}"]\n'
    )
    return plan.bonuses[0].requires[0][0], plan


@pytest.mark.parametrize(
    ("phrase", "term"),
    [
        ("active", Term(Asks.ACTIVE)),
        ("PV >= 100", Term(Asks.AT_LEAST, PV, 10_000)),
        ("PV are at least 40.5", Term(Asks.AT_LEAST, PV, 4050)),
        ("CV >= 50% of PV", Term(Asks.SHARE, CV, PV, 500_000)),
        ("Silver", Term(Asks.RANK, need=1)),
        ("Two Star", Term(Asks.RANK, need=3)),
        ("'head of sales'", Term(Asks.RANK, need=4)),
        ("title Gold", Term(Asks.TITLE, need=2)),
        ("was Two Star", Term(Asks.WAS, need=3)),
    ],
)
def test_a_phrase_becomes_a_term(phrase: str, term: Term) -> None:
    requirement, _ = asked(phrase)

    assert requirement == Requirement(phrase, (term,))


def who(phrase: str, *terms: Term) -> tuple[Requirement, ...]:
    program = (0,) if len(terms) == 1 else (0, 1, AND)
    return (Requirement(phrase, terms, program),)


SILVER, ACTIVE = Term(Asks.RANK, need=1), Term(Asks.ACTIVE)
PEOPLE = {
    "frontline with Silver are at least 3": PeopleFigure(
        "frontline with Silver", Scope.FRONTLINE, who("Silver", SILVER)
    ),
    "enrolled with active >= 3": PeopleFigure(
        "enrolled with active", Scope.FRONTLINE, who("active", ACTIVE), ENROLLER
    ),
    "downline with title Gold are at least 3": PeopleFigure(
        "downline with title Gold", Scope.DOWNLINE, who("title Gold", Term(Asks.TITLE, need=2))
    ),
    "downline within 3 levels with active are at least 3": PeopleFigure(
        "downline within 3 levels with active", Scope.DOWNLINE, who("active", ACTIVE), levels=3
    ),
    "legs with 'head of sales' in grid are at least 3": PeopleFigure(
        "legs with 'head of sales' in grid",
        Scope.LEGS,
        who("'head of sales'", Term(Asks.RANK, need=4)),
        GRID,
    ),
    "frontline with active and PV >= 100.00 in sponsor are at least 3": PeopleFigure(
        "frontline with active and PV >= 100",
        Scope.FRONTLINE,
        who("active and PV >= 100", ACTIVE, Term(Asks.AT_LEAST, PV, 10_000)),
        SPONSOR,
    ),
    "enrolled with active in the right leg of power are at least 3": PeopleFigure(
        "enrolled with active in the right leg of power",
        Scope.FRONTLINE,
        who("active", ACTIVE),
        ENROLLER,
        leg_tree=POWER,
        leg=2,
    ),
}


@pytest.mark.parametrize("phrase", PEOPLE)
def test_people_are_counted_in_a_figure_named_by_the_phrase(phrase: str) -> None:
    requirement, plan = asked(phrase)

    assert plan.figures[-1] == PEOPLE[phrase]
    assert requirement.terms == (Term(Asks.AT_LEAST, len(plan.figures) - 1, 3),)


def test_customers_are_counted_in_a_figure() -> None:
    requirement, plan = asked("customers with PV >= 40 are at least 3")

    assert plan.figures[-1] == CustomersFigure("customers with PV >= 40", PV, 4000)
    assert requirement.terms[0].need == 3


@pytest.mark.parametrize(("words", "own_too"), [("leg", False), ("leg or oneself", True)])
def test_a_leg_limit_is_a_part_of_what_is_needed(words: str, *, own_too: bool) -> None:
    phrase = f"GV >= 2000.01, at most 60% of it from one {words}"

    requirement, plan = asked(phrase)

    assert plan.figures[-1] == LimitedFigure(phrase, GV, 120_000, own_too)
    assert requirement.terms == (Term(Asks.AT_LEAST, 3, 200_001),)


def test_time_since_joining_is_below_or_at_least() -> None:
    below, plan = asked("months since joining < 3")
    since, other = asked("days since joining >= 60")

    assert plan.figures[-1] == JoinedFigure("months since joining", in_months=True)
    assert below.terms == (Term(Asks.BELOW, 3, 3),)
    assert other.figures[-1] == JoinedFigure("days since joining", in_months=False)
    assert since.terms == (Term(Asks.AT_LEAST, 3, 60),)


def test_ranks_of_earlier_periods_are_counted() -> None:
    requirement, plan = asked("Silver in 3 of the 5 periods before")

    assert plan.figures[-1] == RankBeforeFigure("Silver in the 5 periods before", 1, 5)
    assert requirement.terms == (Term(Asks.AT_LEAST, 3, 3),)


def test_a_lifetime_may_be_asked_without_a_name() -> None:
    requirement, plan = asked("lifetime PV >= 500")

    assert plan.figures[-1] == PastFigure("lifetime PV", PV, Past.LIFETIME)
    assert requirement.terms == (Term(Asks.AT_LEAST, 3, 50_000),)


@pytest.mark.parametrize(
    ("phrase", "program"),
    [
        ("PV >= 1 and CV >= 1", (0, 1, AND)),
        ("PV >= 1 or CV >= 1 or active", (0, 1, OR, 2, OR)),
        ("PV >= 1 or CV >= 1 and active", (0, 1, 2, AND, OR)),
        ("(PV >= 1 or CV >= 1) and active", (0, 1, OR, 2, AND)),
        ("PV >= 1 and (CV >= 1 and (active or Silver))", (0, 1, 2, 3, OR, AND, AND)),
        ("GV >= 9, at most 5% of it from one leg or active", (0, 1, OR)),
        ("frontline with active and Silver >= 2 and PV >= 3", (0, 1, AND)),
    ],
)
def test_and_binds_stronger_than_or_and_brackets_group(
    phrase: str, program: tuple[int, ...]
) -> None:
    requirement, _ = asked(phrase)

    assert requirement.program == program
    assert len(requirement.terms) == max(program) + 1


def test_requirements_that_count_the_same_are_counted_once() -> None:
    plan = plan_of(
        '[[rank]]\nname = "A"\nrequire = ["customers with PV >= 40 are at least 3"]\n'
        '[[rank]]\nname = "B"\nrequire = ["customers with PV >= 40.00 are at least 5", '
        '"lifetime PV >= 5"]\n[volume]\nLPV = "lifetime PV"\n'
    )

    names = [figure.name for figure in plan.figures]
    assert names == ["PV", "CV", "GV", "LPV", "customers with PV >= 40"]
    assert [rank.require[0][0].terms[0].need for rank in plan.ranks] == [3, 5]


def test_each_leg_limit_has_a_figure_of_its_own() -> None:
    plan = plan_of(
        '[[rank]]\nname = "A"\nrequire = ["GV >= 6, at most 50.0% of it from one leg", '
        '"GV >= 3, at most 100% of it from one leg", '
        '"GV >= 3.00, at most 100 % of it from one leg"]\n'
    )

    assert [figure.name for figure in plan.figures[3:]] == [
        "GV >= 6, at most 50% of it from one leg",
        "GV >= 3, at most 100% of it from one leg",
    ]


def test_activity_and_ranks_are_by_market() -> None:
    plan = plan_of(
        f'[active]\nrequire = ["PV >= 100"]\n{RANKS}'
        '[market.JP.active]\nrequire = ["PV >= 80"]\n'
        "[market.DE.active]\nrequire = []\n"
        '[market.JP.rank.Gold]\nrequire = ["PV >= 7"]\nmaintain = ["PV >= 6"]\n'
    )

    assert plan.markets == ("JP", "DE")
    assert [[one.phrase for one in market] for market in plan.active] == [
        ["PV >= 100"],
        ["PV >= 80"],
        [],
    ]
    gold = plan.ranks[1]
    assert [market[0].phrase for market in gold.require] == ["PV >= 2", "PV >= 7", "PV >= 2"]
    assert [market and market[0].phrase for market in gold.maintain] == [None, "PV >= 6", None]
