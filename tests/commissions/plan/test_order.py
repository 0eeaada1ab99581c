"""What is worked out before the ranks, with them and after them."""

import pytest

from commissions.engine.plan import Do, Plan, Step
from commissions.plan import read_plan
from tests.commissions.plan.texts import EVERYTHING, RANKS, TREES, plan_of

ACTIVE = "active"


def named(plan: Plan, step: Step) -> str:
    if step.do == Do.FIGURE:
        return plan.figures[step.index].name
    return {Do.ACTIVE: ACTIVE, Do.RANKS: "ranks", Do.BONUS: f"bonus {step.index}"}[step.do]


def steps_of(plan: Plan) -> list[str]:
    return [named(plan, step) for step in plan.steps]


def during_of(plan: Plan) -> list[str]:
    return [plan.figures[index].name if index >= 0 else ACTIVE for index in plan.during]


def rank(*phrases: str) -> str:
    asked = ", ".join(f'"{phrase}"' for phrase in phrases)
    return f'[[rank]]\nname = "Top"\nrequire = [{asked}]\n'


def test_volumes_come_first_then_activity_ranks_and_bonuses() -> None:
    plan = plan_of(
        '[active]\nrequire = ["GV >= 5"]\n[[bonus]]\nname = "U"\nkind = "retail"\n'
        'pays_on = "CV"\nrates = "5%"\n'
    )

    assert steps_of(plan) == ["PV", "CV", "GV", "active", "ranks", "bonus 0"]
    assert (plan.during, plan.rank_trees) == ((), (0,))


def test_a_compressed_volume_comes_after_activity() -> None:
    plan = plan_of('[volume]\nCPV = "PV of compressed orders"\n' + rank("CPV >= 5"))

    assert steps_of(plan) == ["PV", "CV", "GV", "active", "CPV", "ranks"]


def test_people_are_counted_with_the_ranks() -> None:
    plan = plan_of(RANKS + rank("legs with Silver >= 2", "frontline with PV >= 5 >= 2"))

    assert during_of(plan) == ["legs with Silver", "frontline with PV >= 5"]
    assert steps_of(plan) == ["PV", "CV", "GV", "active", "ranks"]


def test_activity_that_asks_for_ranks_below_is_worked_out_with_them() -> None:
    plan = plan_of(
        RANKS + '[volume]\nCPV = "PV of compressed orders"\nBOTH = "CPV + GV"\n'
        '[active]\nrequire = ["frontline with Silver are at least 1"]\n'
        + rank("active", "CPV >= 5")
    )

    assert during_of(plan) == ["frontline with Silver", "active", "CPV"]
    assert steps_of(plan) == ["PV", "CV", "GV", "ranks", "BOTH"]


def test_a_group_without_ranks_and_what_is_made_of_it_come_with_the_ranks() -> None:
    plan = plan_of(
        RANKS + '[volume]\nPG = "PV of downline without Gold groups"\nSUM = "PG + PV"\n'
        + 'UNUSED = "PG - PV"\n' + rank("SUM >= 5")
    )  # fmt: skip

    assert during_of(plan) == ["PG", "SUM"]
    assert steps_of(plan)[-1] == "UNUSED"


def test_a_leg_limit_comes_with_the_ranks_and_its_volume_before() -> None:
    plan = plan_of(rank("GV >= 5, at most 60% of it from one leg"))

    assert during_of(plan) == ["GV >= 5, at most 60% of it from one leg"]
    assert "GV" in steps_of(plan)


def test_what_asks_for_the_own_rank_comes_after_the_ranks() -> None:
    plan = plan_of(
        RANKS + '[volume]\nTWICE = "DP + DP"\n[volume.DP]\nof = "GV"\nlevels = ["5%"]\n'
        'who = ["Silver"]\n[[bonus]]\nname = "U"\nkind = "reward"\npays = "5.00"\n'
        'requires = ["frontline with DP >= 5 are at least 2"]\n'
    )

    steps = steps_of(plan)
    assert steps.index("ranks") < steps.index("DP") < steps.index("TWICE")
    assert steps.index("DP") < steps.index("frontline with DP >= 5") < steps.index("bonus 0")
    assert plan.during == ()


def test_activity_may_come_after_the_ranks_if_they_do_not_ask_for_it() -> None:
    plan = plan_of(
        RANKS + '[volume.DP]\nof = "GV"\nlevels = ["5%"]\nwho = ["Silver"]\n'
        '[active]\nrequire = ["DP >= 5"]\n'
    )

    assert steps_of(plan)[-3:] == ["ranks", "DP", "active"]


def test_weighted_levels_that_ask_for_activity_among_the_ranks_come_after_them() -> None:
    plan = plan_of(
        RANKS + '[volume.DP]\nof = "PV"\nlevels = ["5%"]\nwho = ["active"]\n'
        '[active]\nrequire = ["frontline with Silver are at least 1"]\n'
        '[[bonus]]\nname = "U"\nkind = "reward"\npays = "5.00"\n'
        'requires = ["frontline with DP >= 5 are at least 2"]\n'
    )

    assert during_of(plan) == ["frontline with Silver", "active"]
    assert steps_of(plan)[-3:] == ["DP", "frontline with DP >= 5", "bonus 0"]


@pytest.mark.parametrize(
    ("phrases", "trees"),
    [
        (["PV >= 5"], ["sponsor"]),
        (["legs with Silver >= 2"], ["sponsor"]),
        (["legs with Silver in power >= 2"], ["power"]),
        (["enrolled with Silver >= 2", "downline with Silver in grid >= 2"], ["enroller", "grid"]),
        (["DG >= 5, at most 50% of it from one leg"], ["grid"]),
    ],
)
def test_ranks_are_worked_out_along_the_trees_they_look_down(
    phrases: list[str], trees: list[str]
) -> None:
    plan = plan_of(TREES + RANKS + '[volume]\nDG = "PV of downline in grid"\n' + rank(*phrases))

    assert [plan.trees[index].name for index in plan.rank_trees] == trees


def test_every_figure_is_worked_out_exactly_once_and_after_what_it_needs() -> None:
    plan = read_plan(EVERYTHING)

    in_steps = [step.index for step in plan.steps if step.do == Do.FIGURE]
    with_ranks = [index for index in plan.during if index >= 0]
    assert sorted(in_steps + with_ranks) == list(range(len(plan.figures)))
    assert [step.do for step in plan.steps].count(Do.RANKS) == 1
    assert [step.index for step in plan.steps if step.do == Do.BONUS] == list(
        range(len(plan.bonuses))
    )
