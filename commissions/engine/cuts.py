"""What limits took off somebody: how much was due, and how much was left of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from commissions.engine.buyers import buyers
from commissions.engine.caps import Taking, taken_off_all, taken_off_bonus
from commissions.engine.earnings import DIRECT, Earnings
from commissions.engine.excerpt import place_of
from commissions.engine.plan import PayKind
from commissions.engine.reasons import Limit, Outcome
from commissions.engine.run import RunResult
from commissions.engine.traces import Trace
from commissions.engine.writing import Written


class Cut(NamedTuple):
    """What one limit left of what an earner had: `due` before it, `paid` after it.

    In smallest units. `pay` is the limit's place in `Plan.pays`. Both are of all that the bonus
    (the plan's limits: all bonuses inside) pays the earner, less what limits before it took; of
    `PER_BUYER` of those buyers on `level` of whom there was too much.
    """

    pay: int
    limit: Limit
    level: int
    due: int
    paid: int


def capped_by(result: RunResult, member: int) -> list[Cut]:
    """Return what limits took off a member (by number), in the order in which they did.

    `KeyError` if there is no such distributor.
    """
    row = result.network.row_of(member)
    found: list[Cut] = []
    for place, pay in enumerate(result.ground.plan.pays):
        if place not in result.paid:
            continue
        if pay.kind == PayKind.CAP:
            by_level: dict[int, Cut] = {}
            for (level, _), cut in by_buyer(result, place, row).items():
                before = by_level.get(level, Cut(place, Limit.PER_BUYER, level, 0, 0))
                by_level[level] = before._replace(
                    due=before.due + cut.due, paid=before.paid + cut.paid
                )
            found += [by_level[level] for level in sorted(by_level)]
        if pay.kind in (PayKind.CAP, PayKind.PLAN_CAP):
            found += cuts_at(taken_by(result, place), place, row)
    return found


def taken_by(result: RunResult, place: int) -> Taking | None:
    """Return what the limits in a place of `Plan.pays` took off everybody."""
    ground, pay = result.ground, result.ground.plan.pays[place]
    if pay.kind == PayKind.PLAN_CAP:
        return taken_off_all(ground, result.paid)
    return taken_off_bonus(ground, pay.of, result.paid[pay.of])


def cuts_at(taking: Taking | None, place: int, row: int) -> Iterator[Cut]:
    """Yield what each limit took off a row, those of single buyers left out."""
    if taking is None:
        return
    off = [(limit, -int(lines.amount[lines.earner == row].sum())) for limit, lines in taking.parts]
    have = int(taking.have[row]) + sum(amount for _, amount in off)
    for limit, amount in off:
        if amount and limit != Limit.PER_BUYER:
            yield Cut(place, limit, 0, have, have - amount)
        have -= amount


def by_buyer(result: RunResult, place: int, row: int) -> dict[tuple[int, int], Cut]:
    """Return what `per_buyer` took off a row, by level and the buyer's number."""
    index = result.ground.plan.pays[place].of
    cap = result.ground.plan.bonuses[index].cap
    if cap is None or not cap.per_buyer:
        return {}
    earnings = result.earnings
    here = (earnings.earner == row) & (earnings.bonus == index) & (earnings.turn != DIRECT)
    groups = Earnings(*(getattr(earnings, name)[here] for name in Earnings.__slots__))
    written = Written.blank(groups)
    written.write(result.ground, index, result.paid, np.arange(len(groups.earner)))
    level = np.repeat(groups.level, groups.lines).tolist()
    buyer = buyers(result.ground)[written.place].tolist()
    due: dict[tuple[int, int], int] = {}
    for key, amount in zip(zip(level, buyer, strict=True), written.amount.tolist(), strict=True):
        due[key] = due.get(key, 0) + amount
    return {
        key: Cut(place, Limit.PER_BUYER, key[0], amount, cap.per_buyer[key[0] - 1])
        for key, amount in due.items()
        if key[0] <= len(cap.per_buyer) and amount > cap.per_buyer[key[0] - 1]
    }


def cut_traces(result: RunResult, index: int, sale: int, steps: Sequence[Trace]) -> Iterator[Trace]:
    """Yield what limits took off those whom a bonus pays on a sale (`steps`), nearest first."""
    levels: dict[int, set[int]] = {}
    for step in steps:
        if step.outcome == Outcome.PAID:
            levels.setdefault(step.member, set()).add(step.level)
    taken = {place: taken_by(result, place) for place in _limits_on(result, index) if levels}
    for member, paid_on in levels.items():
        row = result.network.row_of(member)
        for place, taking in taken.items():
            for cut in (
                *_of_buyer(result, place, row, sale, paid_on), *cuts_at(taking, place, row)
            ):  # fmt: skip
                yield Trace(
                    index, member, cut.level, Outcome.CAPPED, 0, 0, cut.paid, due=cut.due,
                    cap=place, limit=cut.limit,
                )  # fmt: skip


def _limits_on(result: RunResult, index: int) -> Iterator[int]:
    """Yield the places in `Plan.pays` of the limits of a bonus: its own, the plan's."""
    plan = result.ground.plan
    for place, pay in enumerate(plan.pays):
        own = pay.kind == PayKind.CAP and pay.of == index
        inside = plan.cap is not None and index in plan.cap.inside
        if own or (pay.kind == PayKind.PLAN_CAP and inside):
            yield place


def _of_buyer(
    result: RunResult, place: int, row: int, sale: int, levels: set[int]
) -> Iterator[Cut]:
    """Yield what `per_buyer` took off a row of a sale's buyer, on these levels."""
    if result.ground.plan.pays[place].kind == PayKind.CAP:
        buyer = int(buyers(result.ground)[place_of(result.ground, sale)])
        for (level, who), cut in sorted(by_buyer(result, place, row).items()):
            if who == buyer and level in levels:
                yield cut
