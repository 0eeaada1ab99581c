"""The pass from the bottom up itself: compiled loops over the tables of `Work`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.bottom_up.collecting import finish, hand_on
from commissions.engine.bottom_up.keeping import Kept
from commissions.engine.bottom_up.work import ACTIVE, OP, Work
from commissions.engine.bottom_up.asking import all_met
from commissions.engine.plan import Keeping
from commissions.engine.standings import Standings

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
Ranks = NDArray[np.int16]


def work_up(
    order: Rows, work: Work, found: Standings, before: Kept, misses: Ranks, keeping: Keeping,
    market: NDArray[np.int16], is_leg: Bools, occupies: Bools,
) -> None:  # fmt: skip
    """Work out everybody in this order, writing into `work.value` and the standings' ranks."""
    rules = np.array(
        [
            keeping.by_title, keeping.grace, keeping.window_met, keeping.window_of,
            keeping.falls_one_step,
        ],
        np.int64,
    )  # fmt: skip
    standing = (found.qualified, found.paid_as, found.title, found.highest, found.grace, found.held)
    _work_up(
        order, work.steps, work.terms, work.programs, work.ranks, work.active, work.parents,
        work.legs, work.places, work.base, work.bits, work.value, work.collected,
        work.is_ranking, found.active, *standing,
        (before.paid_as, before.title, before.highest, before.grace, before.held), misses, rules,
        market, is_leg, occupies,
    )  # fmt: skip


@kernel
def _work_up(
    order: Rows, steps: Int64s, terms: Int64s, programs: Int64s, ranks: Int64s, actives: Int64s,
    parents: NDArray[np.int32], legs: NDArray[np.int32], places: NDArray[np.int32], base: Int64s,
    bits: NDArray[np.uint64], value: Int64s, collected: Int64s, is_ranking: bool,  # noqa: FBT001 - kernels take no keywords
    active: Bools, qualified: Ranks, paid_as: Ranks, title: Ranks, highest: Ranks, grace: Ranks,
    held: Ranks, before: tuple[Ranks, Ranks, Ranks, Ranks, Ranks], misses: Ranks, rules: Int64s,
    market: NDArray[np.int16], is_leg: Bools, occupies: Bools,
) -> None:  # fmt: skip
    for i in range(len(order)):
        row = order[i]
        here = market[row] if market[row] < len(actives) else 0
        slot = 0
        for k in range(len(steps)):
            if steps[k, OP] == ACTIVE:
                active[row] = all_met(
                    actives[here, 0], actives[here, 1], row, programs, terms, value, base, bits,
                    active, paid_as, title,
                )  # fmt: skip
            else:
                finish(k, slot, row, steps, terms, active, value, base, collected)
                slot += 1
        if is_ranking:
            best = 0
            for rank in range(ranks.shape[1], 0, -1):
                rule = ranks[here, rank - 1]
                if all_met(
                    rule[0], rule[1], row, programs, terms, value, base, bits, active, paid_as, title
                ) or (
                    rule[2] >= 0
                    and before[0][row] >= rank
                    and all_met(
                        rule[2], rule[3], row, programs, terms, value, base, bits, active, paid_as,
                        title,
                    )
                ):  # fmt: skip
                    best = rank
                    break
            keep(row, best, before, misses, rules, qualified, paid_as, title, highest, grace, held)
        slot = 0
        for k in range(len(steps)):
            if steps[k, OP] != ACTIVE:
                hand_on(
                    k, slot, row, steps, terms, parents, legs, places, is_leg, occupies, active,
                    paid_as, title, value, base, bits, collected,
                )  # fmt: skip
                slot += 1


@kernel
def keep(
    row: int, best: int, before: tuple[Ranks, Ranks, Ranks, Ranks, Ranks], misses: Ranks,
    rules: Int64s, qualified: Ranks, paid_as: Ranks, title: Ranks, highest: Ranks, grace: Ranks,
    held: Ranks,
) -> None:  # fmt: skip
    """Fill in somebody's ranks from the qualified-as rank: `[ranks]` of docs/plan-language.md.

    `paid_as` holds what is set by hand, -1 for nothing; the others what the period before left.
    """
    by_title, most_grace, must_meet, window, one_step = rules
    was_paid, was_title, was_highest, was_grace, was_held = before
    qualified[row] = best
    highest[row] = max(best, was_highest[row])
    kept = was_title[row]
    if best < kept and window and misses[row] + 1 > window - must_meet:
        kept = max(best, kept - 1 if one_step else best)
        held[row] = 1
    elif best > kept:
        kept = best
        held[row] = 1
    else:
        held[row] = was_held[row] + 1
    title[row] = kept
    if kept == 0:
        held[row] = 0
    grace[row] = 0
    if paid_as[row] >= 0:
        return
    paid_as[row] = kept if by_title else best
    if paid_as[row] < was_paid[row] and was_grace[row] < most_grace:
        paid_as[row] = was_paid[row]
        grace[row] = was_grace[row] + 1
