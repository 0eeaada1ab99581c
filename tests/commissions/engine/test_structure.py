"""Structure: stages of a shape, the best legs first, and sets that do not share anybody."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from commissions.engine import RunResult, calculate_run, lines_of
from commissions.engine.earned import Evidence
from commissions.engine.plan import SPONSOR, StructureRule
from commissions.engine.snapshot import Flag
from tests.commissions.engine.plans import (
    PV,
    Sale,
    at_least,
    build_period,
    build_plan,
    paid,
)


def run(sponsor: list[int], sales: list[Sale], **others: Any) -> RunResult:
    given: dict[str, Any] = {
        "name": "Shape", "tree": SPONSOR, "width": 2, "person": (at_least(PV, 100),), "head": (),
        "pays": ((1000, 5000),),
    }  # fmt: skip
    period = {name: others.pop(name) for name in ("flags", "market") if name in others}
    plan = build_plan(StructureRule(**(given | others)), markets=("JP",))
    return calculate_run(build_period(sponsor, sales, **period), plan)


FULL = [0, 1, 1, 2, 2, 3, 3]
"""A shape of two legs and two stages."""


def all_buy(sponsor: list[int], *without: int) -> list[Sale]:
    return [(member, 0, 100) for member in range(1, len(sponsor) + 1) if member not in without]


def test_the_highest_stage_pays() -> None:
    result = run(FULL, all_buy(FULL))

    assert paid(result, "Shape") == {(1, 2): 5000, (2, 1): 1000, (3, 1): 1000}
    lines = lines_of(result, earner=1)
    assert lines.evidence.tolist() == [int(Evidence.SHAPE)]
    assert lines.base.tolist() == [100]


def test_each_stage_pays_if_the_rule_says_so() -> None:
    result = run(FULL, all_buy(FULL), each=True)

    assert paid(result, "Shape") == {(1, 1): 1000, (1, 2): 5000, (2, 1): 1000, (3, 1): 1000}


def test_one_person_who_is_missing_costs_the_stage() -> None:
    assert paid(run(FULL, all_buy(FULL, 7)), "Shape") == {(1, 1): 1000, (2, 1): 1000}
    assert paid(run(FULL, all_buy(FULL, 3)), "Shape") == {(2, 1): 1000}


def test_the_head_has_requirements_of_its_own() -> None:
    heads = [*all_buy(FULL), (1, 0, 200), (2, 0, 200)]

    result = run(FULL, heads, head=(at_least(PV, 300),))

    assert paid(result, "Shape") == {(1, 1): 1000, (2, 1): 1000}


def test_who_does_not_count_as_a_leg_is_not_looked_through() -> None:
    chain = [0, 1, 1, 2]
    flags = [int(Flag.ALL), int(Flag.ALL & ~Flag.COUNTS_AS_LEG), *[int(Flag.ALL)] * 2]

    # Member 4 below member 2 takes nobody's place: member 2 is there, and meets what is asked.
    assert paid(run(chain, all_buy(chain), flags=flags), "Shape") == {(1, 1): 1000}
    assert not paid(run(chain, all_buy(chain, 2), flags=flags), "Shape")


def test_sets_are_paid_for_themselves_and_use_nobody_twice() -> None:
    # Five legs: two sets of stage 1, the fifth leg is over.
    star = [0, 1, 1, 1, 1, 1]

    result = run(star, all_buy(star), sets=True, pays=((1000,),))

    assert paid(result, "Shape") == {(1, 1): 2000}
    assert lines_of(result).base.tolist() == [200]


def test_a_second_set_counts_only_if_the_first_has_all_stages() -> None:
    star = [0, 1, 1, 1, 1]
    assert paid(run(star, all_buy(star), sets=True), "Shape") == {(1, 1): 1000}

    both = [0, 1, 1, 2, 2, 3, 3, 1, 1]
    result = run(both, all_buy(both), sets=True)
    assert paid(result, "Shape") == {(1, 2): 5000, (1, 1): 1000, (2, 1): 1000, (3, 1): 1000}
    each = run(both, all_buy(both), sets=True, each=True)
    assert paid(each, "Shape")[1, 1] == 2000


def test_without_sets_there_is_one() -> None:
    star = [0, 1, 1, 1, 1]
    assert paid(run(star, all_buy(star), pays=((1000,),)), "Shape") == {(1, 1): 1000}


def test_a_shape_without_any_sale_is_not_paid() -> None:
    assert not paid(run(FULL, [], person=()), "Shape")
    assert paid(run(FULL, [(7, 0, 1)], person=()), "Shape") == {(1, 2): 5000, (3, 1): 1000}


def test_a_sale_of_who_keeps_no_volume_is_no_evidence() -> None:
    flags = [int(Flag.ALL)] * 6 + [int(Flag.ALL & ~Flag.KEEPS_VOLUME)]

    assert not paid(run(FULL, [(7, 0, 1)], person=(), flags=flags), "Shape")


def test_a_market_pays_its_own_money_and_may_leave_the_bonus_out() -> None:
    market = [1, 0, 0, 0, 0, 0, 0]

    result = run(FULL, all_buy(FULL), market=market, pays=((1000, 5000), (70, 80)))
    assert paid(result, "Shape")[1, 2] == 80
    left_out = run(FULL, all_buy(FULL), market=market, pays=((1000, 5000), ()))
    assert paid(left_out, "Shape") == {(2, 1): 1000, (3, 1): 1000}


@given(data=st.data(), size=st.integers(1, 30), width=st.integers(1, 3), sets=st.booleans())
def test_stages_are_those_of_the_definition(
    data: st.DataObject, size: int, width: int, *, sets: bool
) -> None:
    sponsor = [0, *(data.draw(st.integers(1, row)) for row in range(1, size))]
    buys = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    sales: list[Sale] = [(row + 1, 0, 100) for row in range(size) if buys[row]]
    pays = (1, 100, 10_000)

    result = run(sponsor, sales, width=width, sets=sets, pays=(pays,), everybody=True)

    expected: dict[tuple[int, int], int] = {}
    stages: dict[int, int] = {}
    for member in range(size, 0, -1):
        below = sorted(
            (stages[child] for child in range(1, size + 1) if sponsor[child - 1] == member),
            reverse=True,
        )
        found = _sets_of(below, width, len(pays)) if buys[member - 1] else []
        stages[member] = found[0] if found else (0 if buys[member - 1] else -1)
        for stage in found if sets else found[:1]:
            expected[member, stage] = expected.get((member, stage), 0) + pays[stage - 1]
    assert paid(result, "Shape") == expected


def _sets_of(below: list[int], width: int, most: int) -> list[int]:
    found: list[int] = []
    for first in range(0, len(below) - width + 1, width):
        stage = min(below[first + width - 1] + 1, most)
        if stage < 1 or (found and found[-1] < most):
            break
        found.append(stage)
    return found
