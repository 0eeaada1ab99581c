"""Unilevel: each sale goes up the sponsor tree, and so many levels are paid a rate of it.

All sales that enter at the same row meet the same people, so the way up is worked out once per
entry and level, for the whole network at a time: one pass down finds for every row the nearest
upline who uses the level up, a second pays. Both are linear, also in a chain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.bonuses.shape import LAST_USED, Outcome, Recorder, Summed, TraceStep
from commissions.engine.money import absolute_total, check_bounds, product_fits, share
from commissions.engine.plan import Plan, UnilevelRule
from commissions.engine.standings import Ground

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

NOBODY = -1
NO_RECORD = Recorder(
    (np.zeros(0, np.int64),), np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0, np.int64)
)


@kernel
def meet(flags: int, active: bool, rate_ppm: int, compression: int) -> int:  # noqa: FBT001 - kernels take no keywords
    """Decide what happens to an upline met by a sale; the table of docs/plan-language.md.

    >>> meet(31, True, 50_000, 2), meet(31, False, 50_000, 2), meet(31, True, -1, 2)
    (0, 5, 6)
    >>> meet(31, False, 50_000, 0), meet(31, True, -1, 1), meet(30, True, 0, 2)
    (2, 3, 1)
    """
    if not flags & 2:
        return 4
    if not active and compression != 0:
        return 5
    if rate_ppm < 0 and compression == 2:
        return 6
    if not flags & 1:
        return 1
    if not active:
        return 2
    if rate_ppm < 0:
        return 3
    return 0


@kernel
def find_outcomes(
    flags: NDArray[np.uint8], active: Bools, rank: NDArray[np.int16], rate_ppm: Int64s,
    compression: int,
) -> NDArray[np.uint8]:  # fmt: skip
    """Return what happens at each row on one level; `rate_ppm` is by rank."""
    outcome = np.empty(len(flags), np.uint8)
    for row in range(len(flags)):
        outcome[row] = meet(flags[row], active[row], rate_ppm[rank[row]], compression)
    return outcome


@kernel
def go_up(sponsor: Rows, outcome: NDArray[np.uint8], found: Rows, stop: Rows) -> None:
    """Move every entry on to the next upline who uses up the level; -1 beyond the top.

    `found[row]` is who took the level before of the sales that enter at `row`, or -2 before the
    first. `stop` is room to work in.
    """
    for row in range(len(sponsor)):
        if outcome[row] <= LAST_USED:
            stop[row] = row
        elif sponsor[row] < 0:
            stop[row] = NOBODY
        else:
            stop[row] = stop[sponsor[row]]
    for row in range(len(sponsor)):
        if found[row] == -2:
            found[row] = stop[row]
        elif found[row] >= 0:
            above = sponsor[found[row]]
            found[row] = stop[above] if above >= 0 else NOBODY


@kernel
def pay_level(
    start: Int64s, base: Int64s, found: Rows, outcome: NDArray[np.uint8], rank: NDArray[np.int16],
    num: Int64s, den: Int64s, fits: Bools, rounding: int,
    base_sum: Int64s, amount_sum: Int64s, lines: Int64s,
    record: bool, cursor: Int64s, out_place: Rows, out_base: Int64s, out_amount: Int64s,  # noqa: FBT001 - kernels take no keywords
) -> None:  # fmt: skip
    """Add one level's lines to their earners, and write them down if `record` says so."""
    for entry in range(len(found)):
        earner = found[entry]
        if earner < 0 or start[entry] == start[entry + 1] or outcome[earner] != 0:
            continue
        by_rank = rank[earner]
        if num[by_rank] == 0:
            continue
        bases_here, amounts_here, lines_here = 0, 0, 0
        for place in range(start[entry], start[entry + 1]):
            if base[place] == 0:
                continue
            amount = share(base[place], num[by_rank], den[by_rank], rounding, fits[by_rank])
            bases_here += base[place]
            amounts_here += amount
            lines_here += 1
            if record and cursor[earner] >= 0:
                out_place[cursor[earner]] = place
                out_base[cursor[earner]] = base[place]
                out_amount[cursor[earner]] = amount
                cursor[earner] += 1
        base_sum[earner] += bases_here
        amount_sum[earner] += amounts_here
        lines[earner] += lines_here


@kernel
def gather(
    base_sum: Int64s, amount_sum: Int64s, lines: Int64s, rank: NDArray[np.int16], rate_ppm: Int64s
) -> tuple[Rows, Rows, Int64s, Int64s, Int64s]:
    """Return the rows that have lines, with rate and sums, and set the sums back to zero."""
    size = 0
    for row in range(len(lines)):
        size += lines[row] > 0
    earner = np.empty(size, np.int32)
    rates = np.empty(size, np.int32)
    bases_out, amounts = np.empty(size, np.int64), np.empty(size, np.int64)
    counts = np.empty(size, np.int64)
    k = 0
    for row in range(len(lines)):
        if lines[row] > 0:
            earner[k], rates[k] = row, rate_ppm[rank[row]]
            bases_out[k], amounts[k], counts[k] = base_sum[row], amount_sum[row], lines[row]
            base_sum[row], amount_sum[row], lines[row] = 0, 0, 0
            k += 1
    return earner, rates, bases_out, amounts, counts


@dataclass(frozen=True, slots=True, eq=False)
class LevelRates:
    """One level's rates by rank, as rates and as fractions that make money of a base."""

    rate_ppm: Int64s
    num: Int64s
    den: Int64s
    fits: Bools


def level_rates(plan: Plan, rule: UnilevelRule, level: int, total: int, largest: int) -> LevelRates:
    """Return the rates of a level; refuse bases (their total, the largest) that leave 64 bits."""
    rates = [row[level - 1] for row in rule.rates_ppm]
    fractions = [plan.amount_of(max(rate, 0)) for rate in rates]
    for num, den in fractions:
        check_bounds(total, num, den)
    return LevelRates(
        rate_ppm=np.array(rates, np.int64),
        num=np.array([num for num, _ in fractions], np.int64),
        den=np.array([den for _, den in fractions], np.int64),
        fits=np.array([product_fits(largest, num, den) for num, den in fractions], np.bool_),
    )


def pay_unilevel(ground: Ground, rule: UnilevelRule, recorder: Recorder | None = None) -> Summed:
    """Return what each earner is paid on each level, lines rounded one by one."""
    standings, sponsor = ground.standings, ground.network.sponsor
    base = ground.base_of(rule.pays_on)
    total, largest = absolute_total(base), int(np.abs(base).max(initial=0))
    n = len(sponsor)
    found, stop = np.full(n, -2, np.int32), np.empty(n, np.int32)
    sums = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
    levels = []
    for level in range(1, rule.depth + 1):
        rates = level_rates(ground.plan, rule, level, total, largest)
        outcome = find_outcomes(
            ground.flags, standings.active, standings.paid_as, rates.rate_ppm, int(rule.compression)
        )
        go_up(sponsor, outcome, found, stop)
        out = recorder or NO_RECORD
        pay_level(
            ground.sales.start, base, found, outcome, standings.paid_as,
            rates.num, rates.den, rates.fits, int(ground.plan.rounding),
            *sums, recorder is not None, out.cursor[level - 1 if recorder else 0],
            out.place, out.base, out.amount,
        )  # fmt: skip
        levels.append(gather(*sums, standings.paid_as, rates.rate_ppm))
    return _together(levels)


def _together(levels: list[tuple[Rows, Rows, Int64s, Int64s, Int64s]]) -> Summed:
    columns = zip(*levels, strict=True)
    earner, rates, base, amount, lines = (np.concatenate(column) for column in columns)
    level = np.repeat(
        np.arange(1, len(levels) + 1, dtype=np.int16), [len(part[0]) for part in levels]
    )
    return Summed(earner, level, rates, base, amount, lines)


def trace_unilevel(ground: Ground, rule: UnilevelRule, place: int) -> list[TraceStep]:
    """Return everybody the sale meets on its way up, nearest first, by the same decision."""
    standings, sponsor = ground.standings, ground.network.sponsor
    base = int(ground.base_of(rule.pays_on)[place])
    row = int(np.searchsorted(ground.sales.start, place, side="right")) - 1
    level = 1
    steps: list[TraceStep] = []
    while base != 0 and 0 <= row < len(sponsor) and level <= rule.depth:
        rate = rule.rates_ppm[standings.paid_as[row]][level - 1]
        outcome = Outcome(
            meet(ground.flags[row], standings.active[row], rate, int(rule.compression))
        )
        paid = rate if outcome == Outcome.PAID else 0
        num, den = ground.plan.amount_of(paid)
        amount = share(base, num, den, int(ground.plan.rounding), product_fits=False)
        steps.append(TraceStep(row, level, outcome, paid, base, amount))
        level += outcome <= LAST_USED
        row = int(sponsor[row])
    return steps
