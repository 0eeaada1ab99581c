"""Why a leg's volume is paid or not: where a sale counts, and what became of it."""

from __future__ import annotations

from typing import Any

from commissions.engine import RunResult, explain_sale
from commissions.engine.bonuses.binary import (
    ADD_NOTHING,
    LOSE_BOTH,
    LOSE_STRONGER,
    NO_LEG,
    USE_UP,
    WEAKER_LEG,
)
from commissions.engine.bonuses.legs import IN_LEFT, IN_RIGHT, IN_WEAKER
from commissions.engine.plan import BinaryRule, Cycle, OnReturn, TreeKind
from commissions.engine.snapshot import Flag
from tests.commissions.engine.cast import (
    ALICE,
    ANN,
    BOB,
    CARL,
    DORA,
    FULL,
    missed,
    plan_of,
    run,
    why,
)
from tests.commissions.engine.plans import BINARY, CV, placed, rates, state, tree

PLACES = [0, ALICE, ALICE, BOB], [0, 1, 2, 1]
"""Bob is Alice's left leg with Dora below on the left, Carl the right one."""


def of(
    *sales: tuple[int, int, int],
    carried: tuple[tuple[str, int, int, int], ...] = (),
    places: tuple[list[int], list[int]] = PLACES,
    people: dict[str, Any] | None = None,
    **rule: Any,
) -> RunResult:
    given: dict[str, Any] = {"name": "Binary", "tree": BINARY, "pays_on": CV}
    if "cycles" not in rule:
        given["rates"] = rates(100_000)
    plan = plan_of(BinaryRule(**(given | rule)), trees=[tree("binary", TreeKind.BINARY, 2)])
    others: dict[str, Any] = {
        "placements": {"binary": placed(*places)},
        "carried": state(
            *((f"Binary.{leg}", member, age, points * 100) for leg, member, age, points in carried)
        ),
    }
    return run(plan, [0, ALICE, ALICE, BOB], sales, **(others | (people or {})))


def test_a_sale_counts_in_the_legs_of_everybody_above() -> None:
    result = of((DORA, ANN, 30), (BOB, 0, 20), (CARL, 0, 40))

    assert why(result, 1) == [
        "bob left: counted 30.00",
        "bob left: carried 30.00",
        "alice left: counted 30.00",
        "alice left: paired 40.00",
        "alice left: carried 10.00",
    ]
    assert why(result, 3) == ["alice right: counted 40.00", "alice right: paired 40.00"]


def test_the_oldest_lots_are_paired_first() -> None:
    result = of((BOB, 0, 30), (CARL, 0, 40), carried=(("left", ALICE, 1, 25),))

    assert why(result, 1) == [
        "alice left: counted 30.00", "alice left: paired 15.00", "alice left: carried 15.00",
    ]  # fmt: skip


def test_what_is_not_carried_is_flushed_and_what_is_too_much_is_lost() -> None:
    flushed = of((BOB, 0, 30), (CARL, 0, 20), carry=NO_LEG)
    weaker = of((BOB, 0, 30), (CARL, 0, 20), carry=WEAKER_LEG)
    full = of((BOB, 0, 30), (CARL, 0, 20), carry_most=400)

    for result in (flushed, weaker):
        assert why(result, 1)[1:] == ["alice left: paired 20.00", "alice left: flushed 10.00"]
        assert missed(result, ALICE) == ["level 0 flushed: 10.00"]
    assert why(full, 1)[1:] == [
        "alice left: paired 20.00", "alice left: full 6.00", "alice left: carried 4.00",
    ]  # fmt: skip
    assert missed(full, ALICE) == ["level 0 full: 6.00"]


def test_who_is_not_qualified_hears_why_and_what_became_of_it() -> None:
    sales, inactive = ((BOB, 0, 30), (CARL, 0, 20)), {"pv": {ALICE: 0}}
    fates = {
        0: ["carried 30.00"],
        ADD_NOTHING: ["lost 30.00"],
        LOSE_BOTH: ["lost 30.00"],
        LOSE_STRONGER: ["lost 30.00"],
        USE_UP: ["used up 20.00", "carried 10.00"],
    }
    lost = {ADD_NOTHING: 50, LOSE_BOTH: 50, LOSE_STRONGER: 30, USE_UP: 40}

    for do, fate in fates.items():
        result = of(*sales, unqualified=do, people=inactive)
        assert why(result, 1) == [
            f"alice left: {each}, inactive" for each in ("counted 30.00", *fate)
        ]
        reasons = ["level 0 inactive: 20.00"]
        if do:
            word = "used up" if do == USE_UP else "lost"
            reasons.append(f"level 0 {word}: {lost[do]}.00, inactive")
        assert missed(result, ALICE) == reasons


def test_each_reason_against_pairing_has_its_word() -> None:
    sale = (BOB, 0, 30)
    people: dict[str, dict[str, Any]] = {
        "not earning": {"states": {ALICE: Flag.ALL & ~Flag.EARNS}},
        "unqualified": {"pv": {ALICE: 50}},
    }

    for reason, who in people.items():
        result = of(sale, requires=((FULL,),), people=who)
        assert why(result, 1)[0] == f"alice left: counted 30.00, {reason}"
    # Legs are places: whether somebody stands on a level does not matter.
    result = of(sale, people={"states": {ALICE: Flag.ALL & ~Flag.OCCUPIES_LEVEL}})
    assert why(result, 1)[0] == "alice left: counted 30.00"


def test_cycles_beyond_the_most_are_used_up_or_stay() -> None:
    """Two cycles of 10 are paid; the third is used up. The first 15 of the left leg are old."""
    cycles = (Cycle(1000, 1000, 0, rates(500, money=True), 1000),)
    sales, old = ((BOB, 0, 30), (CARL, 0, 35)), (("left", ALICE, 1, 15),)

    stays = of(*sales, carried=old, cycles=cycles, most_cycles=2)
    used = of(*sales, carried=old, cycles=cycles, most_cycles=2, beyond_used_up=True)

    assert why(stays, 1)[1:] == ["alice left: paired 5.00", "alice left: carried 25.00"]
    assert why(used, 1)[1:] == [
        "alice left: paired 5.00", "alice left: used up 10.00", "alice left: carried 15.00",
    ]  # fmt: skip
    assert missed(used, ALICE) == ["level 0 used up: 20.00"]


def test_own_volume_is_counted_in_the_leg_that_it_entered() -> None:
    assert why(of((ALICE, 0, 10), own_volume=IN_LEFT), 1)[0] == "alice left: counted 10.00"
    assert why(of((ALICE, 0, 10), own_volume=IN_RIGHT), 1)[0] == "alice right: counted 10.00"
    weaker = of((ALICE, 0, 10), (BOB, 0, 5), own_volume=IN_WEAKER)
    assert why(weaker, 1) == [
        "alice right: counted 10.00", "alice right: paired 5.00", "alice right: carried 5.00",
    ]  # fmt: skip
    assert why(of((ALICE, 0, 10), own_volume=IN_WEAKER), 1)[0] == "alice left: counted 10.00"


def test_what_comes_back_late_is_set_off_against_what_is_there() -> None:
    late = [False, True, *[False] * 4]
    result = of(
        (BOB, 0, 30), (BOB, 0, -50), carried=(("left", ALICE, 1, 60),),
        on_return=OnReturn.VOLUME, people={"late": late},
    )  # fmt: skip

    assert why(result, 2) == ["alice left: counted -50.00", "alice left: made good -20.00"]


def test_what_was_carried_too_long_has_expired() -> None:
    result = of((BOB, 0, 30), carried=(("left", ALICE, 3, 60),), carry_expires=2)

    assert missed(result, ALICE) == ["level 0 expired: 60.00"]


def test_whoever_has_no_place_or_keeps_no_volume_is_in_no_leg() -> None:
    outside = of((DORA, ANN, 30), places=([0, ALICE, ALICE, -1], [0, 1, 2, 0]))
    gone = of((DORA, 0, 30), people={"states": {DORA: Flag(0)}})

    assert why(outside, 1) == ["dora level 0: not in tree"]
    assert why(gone, 1) == ["dora level 0: skipped state"]
    assert explain_sale(of((DORA, 0, 0)), 1) == []
