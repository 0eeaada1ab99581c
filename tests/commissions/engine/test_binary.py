"""Binary: pairing by rates and by cycles, lots that are carried, and who is not qualified."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissions.engine import RunResult, TooLarge, calculate_run, lines_of
from commissions.engine.bonuses.cycling import NO_END, cycle_everybody
from commissions.engine.earned import Evidence
from commissions.engine.plan import BinaryRule, Cycle, OnReturn, Plan, Requirements, TreeKind
from commissions.engine.snapshot import Carried, Flag
from tests.commissions.engine.plans import (
    BINARY,
    CV,
    PV,
    Sale,
    at_least,
    build_period,
    build_plan,
    by_rank,
    paid,
    placed,
    rank,
    rates,
    state,
    state_of,
    tree,
)

ALICE, BOB, CARL, DORA = 1, 2, 3, 4
PLACES = {"binary": placed([0, ALICE, ALICE, BOB], [0, 1, 2, 1])}
"""Bob is Alice's left leg with Dora below on the left, Carl the right one."""
NOBODY: tuple[Requirements, ...] = ((at_least(PV, 10**12),),)


def plan_of(**rule: Any) -> Plan:
    given: dict[str, Any] = {"name": "Binary", "tree": BINARY, "pays_on": CV}
    if "cycles" not in rule:
        given["rates"] = rates(100_000)
    bonus = BinaryRule(**(given | rule))
    return build_plan(bonus, trees=[tree("binary", TreeKind.BINARY, 2)])


def run(sales: list[Sale], plan: Plan, carried: Carried | None = None, **others: Any) -> RunResult:
    if carried is not None:
        others["carried"] = carried
    return calculate_run(
        build_period([0, ALICE, ALICE, BOB], sales, placements=PLACES, **others), plan
    )


def carry(*rows: tuple[str, int, int, int]) -> Carried:
    return state(*((f"Binary.{leg}", member, age, value) for leg, member, age, value in rows))


def left_by(result: RunResult) -> set[tuple[str, int, int, int]]:
    return {
        (name.removeprefix("Binary."), member, age, value)
        for name, member, age, value in state_of(result)
        if name.startswith("Binary.")
    }


def test_the_weaker_leg_pays_and_the_rest_is_carried() -> None:
    result = run([(BOB, 0, 5000), (DORA, 0, 2000), (CARL, 0, 3005)], plan_of())

    assert paid(result, "Binary") == {(ALICE, 0): 301}
    assert left_by(result) == {("left", ALICE, 0, 3995), ("left", BOB, 0, 2000)}


def test_a_line_rests_on_the_legs_and_has_what_was_matched_as_base() -> None:
    lines = lines_of(run([(BOB, 0, 5000), (CARL, 0, 3000)], plan_of()))

    assert lines.evidence.tolist() == [int(Evidence.LEGS)]
    assert lines.source.tolist() == [ALICE]
    assert (lines.base.tolist(), lines.rate_ppm.tolist()) == ([3000], [100_000])


def test_the_oldest_lots_are_used_first() -> None:
    before = carry(("left", ALICE, 1, 1000), ("left", ALICE, 3, 500))

    result = run([(BOB, 0, 2000), (CARL, 0, 1200)], plan_of(), before)

    assert left_by(result) == {("left", ALICE, 1, 300), ("left", ALICE, 0, 2000)}


def test_lots_that_are_too_old_are_lost() -> None:
    before = carry(("left", ALICE, 2, 500), ("left", ALICE, 3, 1000))

    result = run([(CARL, 0, 2000)], plan_of(carry_expires=2), before)

    assert paid(result, "Binary") == {(ALICE, 0): 50}
    assert left_by(result) == {("right", ALICE, 0, 1500)}


def test_own_volume_enters_the_leg_that_has_less_and_the_left_if_they_are_equal() -> None:
    sales: list[Sale] = [(ALICE, 0, 1000), (BOB, 0, 700), (CARL, 0, 800)]

    assert paid(run(sales, plan_of(own_volume=3)), "Binary")[ALICE, 0] == 80
    assert paid(run(sales, plan_of(own_volume=1)), "Binary")[ALICE, 0] == 80
    assert paid(run(sales, plan_of(own_volume=2)), "Binary")[ALICE, 0] == 70
    assert paid(run(sales, plan_of()), "Binary")[ALICE, 0] == 70
    alone = run([(ALICE, 0, 1000)], plan_of(own_volume=3))
    assert left_by(alone) == {("left", ALICE, 0, 1000)}


def test_who_keeps_no_volume_brings_none() -> None:
    flags = [int(Flag.ALL), int(Flag.ALL & ~Flag.KEEPS_VOLUME), int(Flag.ALL), int(Flag.ALL)]

    result = run([(BOB, 0, 5000), (DORA, 0, 1000), (CARL, 0, 5000)], plan_of(), flags=flags)

    assert paid(result, "Binary") == {(ALICE, 0): 100}


def test_the_ratio_of_the_legs_is_multiplied_and_rounded_once() -> None:
    result = run([(BOB, 0, 3000), (CARL, 0, 1000)], plan_of(ratio=True))

    # 10.00 x 10 % x 1000 / 3000 = 33.33 cents
    assert paid(result, "Binary") == {(ALICE, 0): 33}


def test_the_ratio_is_exact_where_products_leave_64_bits() -> None:
    large = 3 * 10**16

    result = run([(BOB, 0, 3 * large), (CARL, 0, large)], plan_of(ratio=True))

    assert paid(result, "Binary") == {(ALICE, 0): large // 30}


def test_what_would_leave_64_bits_is_refused() -> None:
    with pytest.raises(TooLarge):
        run([], plan_of(), carry(("left", ALICE, 1, 2**61)))


@pytest.mark.parametrize(
    ("unqualified", "left"),
    [
        (0, {("left", ALICE, 1, 100), ("left", ALICE, 0, 5000), ("right", ALICE, 0, 3000)}),
        (1, {("left", ALICE, 1, 100)}),
        (2, {("right", ALICE, 0, 3000)}),
        (3, set()),
        (4, {("left", ALICE, 0, 2100)}),
    ],
)
def test_who_is_not_qualified_keeps_or_loses_volume(
    unqualified: int, left: set[tuple[str, int, int, int]]
) -> None:
    plan = plan_of(unqualified=unqualified, requires=NOBODY)

    result = run([(BOB, 0, 5000), (CARL, 0, 3000)], plan, carry(("left", ALICE, 1, 100)))

    assert result.total == 0
    assert {row for row in left_by(result) if row[1] == ALICE} == left


def test_who_is_qualified_without_a_rate_is_not_qualified_here() -> None:
    bonus = BinaryRule(
        name="Binary", tree=BINARY, pays_on=CV, rates=by_rank([], [100_000]), unqualified=3
    )
    plan = build_plan(
        bonus, trees=[tree("binary", TreeKind.BINARY, 2)], ranks=[rank("High", at_least(PV, 1))]
    )

    result = run([(BOB, 0, 5000), (CARL, 0, 3000)], plan)

    assert result.total == 0
    assert left_by(result) == set()


def test_a_rate_of_nothing_is_a_rate_pairs_and_makes_no_line() -> None:
    result = run([(BOB, 0, 5000), (CARL, 0, 3000)], plan_of(rates=rates(0)))

    assert not len(result.earnings.earner)
    assert left_by(result) == {("left", ALICE, 0, 2000)}


def test_carrying_is_limited() -> None:
    sales: list[Sale] = [(BOB, 0, 5000), (CARL, 0, 3000)]
    before = carry(("left", ALICE, 1, 400))

    assert left_by(run(sales, plan_of(carry=1), before)) == set()
    assert left_by(run(sales, plan_of(carry=2), before)) == set()
    cut = run([(BOB, 0, 5000), (CARL, 0, 100)], plan_of(carry_most=1000), before)
    assert left_by(cut) == {("left", ALICE, 1, 300), ("left", ALICE, 0, 700)}


def test_equal_legs_lose_nothing_where_the_weaker_is_carried() -> None:
    plan = plan_of(carry=1, requires=NOBODY)

    result = run([(BOB, 0, 700), (CARL, 0, 700)], plan)

    assert left_by(result) == {("left", ALICE, 0, 700), ("right", ALICE, 0, 700)}


def test_a_late_return_takes_off_the_oldest_lots_and_what_is_missing_is_owed() -> None:
    plan = plan_of(on_return=OnReturn.VOLUME)
    before = carry(("left", ALICE, 2, 100), ("left", ALICE, 1, 100))

    small = run([(BOB, 0, -150)], plan, before, late=[True])
    large = run([(BOB, 0, -250)], plan, before, late=[True])

    assert left_by(small) == {("left", ALICE, 1, 50)}
    assert left_by(large) == {("left", ALICE, 0, -50)}


def test_a_late_return_is_not_looked_at_where_the_rule_does_not_say_volume() -> None:
    result = run([(BOB, 0, -150)], plan_of(), carry(("left", ALICE, 1, 100)), late=[True])

    assert left_by(result) == {("left", ALICE, 1, 100)}


def test_new_volume_pays_back_what_is_owed_first() -> None:
    before = carry(("left", ALICE, 1, -300), ("right", ALICE, 1, 1000))

    result = run([(BOB, 0, 1000)], plan_of(), before)

    assert paid(result, "Binary") == {(ALICE, 0): 70}
    assert left_by(result) == {("right", ALICE, 1, 300)}


def test_cycles_take_the_strong_side_anew_each_time() -> None:
    step = Cycle(600, 300, 0, rates(3500, money=True), 300)

    result = run([(BOB, 0, 1500), (CARL, 0, 1500)], plan_of(cycles=(step,)))

    # 1500/1500 -> 900/1200 -> 600/600 -> 0/300
    assert paid(result, "Binary") == {(ALICE, 1): 3 * 3500}
    assert left_by(result) == {("right", ALICE, 0, 300)}
    assert lines_of(result).base.tolist() == [900]


def test_steps_of_cycles_follow_each_other_and_are_lines_of_their_own() -> None:
    steps = (
        Cycle(200, 200, 2, rates(100, money=True), 200),
        Cycle(300, 200, 0, rates(150_000), 250),
    )

    result = run([(BOB, 0, 1000), (CARL, 0, 1000)], plan_of(cycles=steps))

    # twice 200/200 leaves 600/600; then 300/200, and 200/300 of what is left
    assert paid(result, "Binary") == {(ALICE, 1): 200, (ALICE, 2): 2 * 38}
    assert lines_of(result).rate_ppm.tolist() == [0, 150_000]
    assert left_by(result) == {("left", ALICE, 0, 100), ("right", ALICE, 0, 100)}


def test_steps_for_good_go_on_where_the_period_before_ended() -> None:
    steps = (
        Cycle(200, 200, 2, rates(100, money=True), 200),
        Cycle(300, 300, 0, rates(500, money=True), 300),
    )
    plan = plan_of(cycles=steps, steps_for_good=True)
    before = state(("Binary.cycles", ALICE, -1, 1))

    result = run([(BOB, 0, 900), (CARL, 0, 900)], plan, before)

    assert paid(result, "Binary") == {(ALICE, 1): 100, (ALICE, 2): 1000}
    assert ("cycles", ALICE, -1, 4) in left_by(result)


def test_cycles_beyond_the_most_stay_or_are_used_up() -> None:
    step = Cycle(100, 100, 0, rates(100, money=True), 100)
    sales: list[Sale] = [(BOB, 0, 1050), (CARL, 0, 1000)]

    stay = run(sales, plan_of(cycles=(step,), most_cycles=4))
    used_up = run(sales, plan_of(cycles=(step,), most_cycles=4, beyond_used_up=True))

    assert paid(stay, "Binary") == paid(used_up, "Binary") == {(ALICE, 1): 400}
    assert left_by(stay) == {("left", ALICE, 0, 650), ("right", ALICE, 0, 600)}
    assert left_by(used_up) == {("left", ALICE, 0, 50)}


def test_a_chain_of_100_000_is_paired() -> None:
    n = 100_000
    sponsor = [0, *range(1, n)]
    leg = [0, *[1 + row % 2 for row in range(1, n)]]
    period = build_period(sponsor, [(n, 0, 500)], placements={"binary": placed(sponsor, leg)})

    result = calculate_run(period, plan_of())

    assert result.total == 0
    assert len(result.carried.value) == n - 1


CYCLES = st.builds(
    lambda weak, more, times: (weak + more, weak, times),
    st.integers(1, 12), st.integers(0, 12), st.integers(1, 3),
)  # fmt: skip


@given(
    left=st.integers(-5, 400), right=st.integers(-5, 400),
    steps=st.lists(CYCLES, min_size=1, max_size=3),
    done=st.integers(0, 7), most=st.integers(0, 9), used_up=st.booleans(),
)  # fmt: skip
def test_cycles_are_those_that_counting_one_by_one_finds(
    *, left: int, right: int, steps: list[tuple[int, int, int]], done: int, most: int,
    used_up: bool,
) -> None:  # fmt: skip
    table = np.array(steps, np.int64)
    table[-1, 2] = 0
    taken = [np.zeros(1, np.int64) for _ in range(3)]

    numbers = cycle_everybody(
        np.array([left]), np.array([right]), np.array([True]), np.array([done]), table, most,
        used_up, *taken,
    )  # fmt: skip

    expected = _one_by_one(left, right, table.tolist(), done, most, used_up=used_up)
    assert (numbers[:, 0].tolist(), [int(column[0]) for column in taken]) == expected


def _one_by_one(
    left: int, right: int, steps: list[list[int]], done: int, most: int, *, used_up: bool
) -> tuple[list[int], list[int]]:
    order = [at for at, (_, _, times) in enumerate(steps) for _ in range(times)]
    paid_cycles, cycles, legs = [0] * len(steps), 0, [left, right]
    while most == 0 or used_up or cycles < most:
        at = order[done + cycles] if done + cycles < len(order) else len(steps) - 1
        strong, weak, _ = steps[at]
        ahead = 0 if legs[0] >= legs[1] else 1
        if legs[ahead] < strong or legs[1 - ahead] < weak:
            break
        legs[ahead] -= strong
        legs[1 - ahead] -= weak
        if most == 0 or cycles < most:
            paid_cycles[at] += 1
        cycles += 1
    return paid_cycles, [left - legs[0], right - legs[1], cycles]


def test_millions_of_cycles_are_not_counted_one_by_one() -> None:
    table = np.array([[300, 100, 0]], np.int64)
    taken = [np.zeros(1, np.int64) for _ in range(3)]
    many = np.array([4 * 10**17])

    numbers = cycle_everybody(
        many, many.copy(), np.array([True]), np.zeros(1, np.int64), table, 0, False, *taken  # noqa: FBT003 - kernels take no keywords
    )  # fmt: skip

    assert numbers[0, 0] == 2 * 10**15
    assert numbers[0, 0] < NO_END


LOTS = st.lists(
    st.tuples(
        st.sampled_from(["left", "right"]), st.integers(1, 4), st.integers(1, 3),
        st.integers(-60, 200),
    ),
    max_size=8, unique_by=lambda lot: lot[:3],
)  # fmt: skip
SALES = st.lists(st.tuples(st.integers(1, 4), st.just(0), st.integers(-50, 300)), max_size=8)


@given(sales=SALES, lots=LOTS, own=st.integers(0, 3), expires=st.integers(0, 2))
def test_volume_is_matched_carried_or_lost(
    sales: list[Sale], lots: list[tuple[str, int, int, int]], own: int, expires: int
) -> None:
    result = run(sales, plan_of(own_volume=own, carry_expires=expires), carry(*lots))

    below = {ALICE: [BOB, CARL, DORA], BOB: [DORA], CARL: [], DORA: []}
    came_in = 0
    for member, downline in below.items():
        enters = [*downline, *([member] if own else [])]
        came_in += sum(volume for owner, _, volume in sales if owner in enters)
    came_in += sum(value for _, _, age, value in lots if not expires or age <= expires)
    matched = int(result.earnings.base.sum())
    assert came_in == 2 * matched + int(result.carried.value.sum())


@given(sales=SALES, lots=LOTS)
def test_lots_of_a_leg_are_never_above_and_below_zero_at_once(
    sales: list[Sale], lots: list[tuple[str, int, int, int]]
) -> None:
    signs: dict[tuple[str, int], set[bool]] = {}
    for leg, member, _, value in left_by(run(sales, plan_of(), carry(*lots))):
        signs.setdefault((leg, member), set()).add(value > 0)

    assert all(len(found) == 1 for found in signs.values())
