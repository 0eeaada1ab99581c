"""What is there and what is missing, from stored figures."""

from collections.abc import Mapping

from commissions.engine.plan import Plan
from commissions.plan import Progress, requirement_progress
from tests.commissions.plan.texts import RANKS, plan_of


def rank(phrase: str, name: str = "Top") -> str:
    return f'[[rank]]\nname = "{name}"\nrequire = ["{phrase}"]\n'


def figures_of(plan: Plan, known: Mapping[str, int]) -> list[int]:
    return [known.get(figure.name, 0) for figure in plan.figures]


def progress_of(phrase: str, known: Mapping[str, int], *, active: bool = False) -> list[Progress]:
    """Return the steps to the rank `Top`, which requires this, with these figures."""
    plan = plan_of(RANKS + rank(phrase))
    steps = requirement_progress(plan, figures_of(plan, known), active=active, before=1)
    return [step for step in steps if step.rank_name == "Top"]


def shown(steps: list[Progress]) -> list[tuple[str, int, int, int]]:
    return [(step.phrase, step.have, step.need, step.missing) for step in steps]


def test_progress_tells_what_is_missing() -> None:
    plan = plan_of(
        '[active]\nrequire = ["PV >= 100"]\n[[rank]]\nname = "A"\n'
        'require = ["active", "customers with PV >= 40 are at least 3", "GV >= 500"]\n'
    )
    known = {"PV": 8000, "GV": 60_000, "customers with PV >= 40": 1}

    progress = requirement_progress(plan, figures_of(plan, known), active=False)

    assert [(p.rank, p.phrase, p.have, p.need, p.missing) for p in progress] == [
        (0, "PV >= 100", 8000, 10_000, 2000),
        (1, "active", 0, 1, 1),
        (1, "customers with PV >= 40 are at least 3", 1, 3, 2),
        (1, "GV >= 500", 60_000, 50_000, 0),
    ]
    assert [p.is_volume for p in progress] == [True, False, False, True]
    assert [p.is_yes_or_no for p in progress] == [False, True, False, False]
    assert progress[3].is_met


def test_all_parts_of_a_requirement_are_told() -> None:
    steps = progress_of("GV >= 20 and legs with Silver >= 2", {"GV": 500, "legs with Silver": 1})

    assert shown(steps) == [
        ("GV >= 20", 500, 2000, 1500),
        ("legs with Silver are at least 2", 1, 2, 1),
    ]
    assert {step.requirement for step in steps} == {"GV >= 20 and legs with Silver >= 2"}


def test_of_several_ways_the_nearest_is_told() -> None:
    phrase = "(GV >= 100 and PV >= 100) or lifetime GV >= 1000"

    far = progress_of(phrase, {"GV": 9000, "PV": 1000, "lifetime GV": 20_000})
    near = progress_of(phrase, {"GV": 9000, "PV": 9000, "lifetime GV": 20_000})
    done = progress_of(phrase, {"GV": 9000, "PV": 9000, "lifetime GV": 100_000})

    assert [step.phrase for step in far] == ["lifetime GV >= 1000"]
    assert [step.phrase for step in near] == ["GV >= 100", "PV >= 100"]
    assert shown(done) == [("lifetime GV >= 1000", 100_000, 100_000, 0)]


def test_a_way_that_time_has_closed_is_not_the_nearest() -> None:
    phrase = "months since joining < 3 or PV >= 1000"

    steps = progress_of(phrase, {"months since joining": 3, "PV": 0})
    young = progress_of(phrase, {"months since joining": 2, "PV": 0})

    assert [step.phrase for step in steps] == ["PV >= 1000"]
    assert shown(young) == [("months since joining < 3", 2, 3, 0)]
    assert young[0].is_below


def test_each_part_has_its_own_words() -> None:
    phrase = (
        "active and was Silver and CV >= 50% of PV and days since joining >= 9 and "
        "GV >= 5, at most 60% of it from one leg"
    )

    steps = progress_of(phrase, {})

    assert [step.phrase for step in steps] == [
        "active", "was Silver", "CV >= 50% of PV", "days since joining >= 9",
        "GV >= 5, at most 60% of it from one leg",
    ]  # fmt: skip


def test_a_share_needs_a_part_of_the_other_volume() -> None:
    steps = progress_of("CV >= 50% of PV", {"CV": 100, "PV": 301})

    assert shown(steps) == [("CV >= 50% of PV", 100, 151, 51)]


def test_a_rank_of_the_period_before_is_there_or_not() -> None:
    assert shown(progress_of("was Silver", {})) == [("was Silver", 1, 1, 0)]
    assert shown(progress_of("was Gold", {})) == [("was Gold", 0, 1, 1)]


def test_a_market_has_its_own_requirements() -> None:
    plan = plan_of(
        '[active]\nrequire = ["PV >= 100"]\n[market.JP.active]\nrequire = ["PV >= 80"]\n'
    )
    figures = figures_of(plan, {"PV": 9000})

    missing = [
        [step.missing for step in requirement_progress(plan, figures, active=True, market=market)]
        for market in (0, plan.market_index("JP"))
    ]

    assert missing == [[1000], [0]]
