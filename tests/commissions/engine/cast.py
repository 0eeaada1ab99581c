"""A cast of distributors, their periods, and what comes out written down as a person would.

Everybody has bought 100 points of PV for themselves unless a test says otherwise; these carry no CV
and make no lines. Tests sell points of CV, which carry no PV.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from commissions.engine import Flag, Plan, RunResult, Snapshot, Trace, calculate_run, explain_sale
from commissions.engine.earned import Evidence
from commissions.engine.lines import Lines, lines_of
from commissions.engine.missed import Missed, missed_by
from commissions.engine.plan import BonusRule, Rank
from commissions.engine.reasons import NOBODY, Outcome
from tests.commissions.engine.plans import PV, at_least, build_period, build_plan, rank

NAMES = ("", "alice", "bob", "carl", "dora", "eve", "finn", "gina", "hugo", "ines", "jan")
ALICE, BOB, CARL, DORA, EVE, FINN, GINA, HUGO, INES, JAN = range(1, 11)
ANN, BEN = 91, 92
"""Customers."""

TERMINATED = Flag(0)
APPLICANT = Flag.KEEPS_CUSTOMERS
LAPSED = Flag.COUNTS_AS_LEG | Flag.KEEPS_VOLUME
EARNS_NOTHING = Flag.ALL & ~Flag.EARNS
"""A state that a company may have made: on a level like others, and never paid."""

IS_ACTIVE = at_least(PV, 5000)
FULL = at_least(PV, 10000)
"""What bonuses require of somebody: who has bought between 50 and 100 points is active only."""
OUT_OF_REACH = at_least(PV, 10**12)
RANKS = tuple(rank(name, OUT_OF_REACH) for name in ("Bronze", "Silver", "Gold"))
"""Ranks that are set by hand only."""
BRONZE, SILVER, GOLD = 1, 2, 3

Sold = tuple[int, int, int]
"""Who owns a sale, which customer bought (0: the owner), and points of CV."""


def plan_of(*bonuses: BonusRule, ranks: Sequence[Rank] = RANKS, **others: Any) -> Plan:
    """Return a plan in which whoever has 50 points is active, and ranks are set by hand."""
    return build_plan(*bonuses, ranks=ranks, **({"active": ((IS_ACTIVE,),)} | others))


def period_of(
    sponsor: Sequence[int],
    sales: Sequence[Sold],
    *,
    pv: Mapping[int, int] | None = None,
    ranks: Mapping[int, int] | None = None,
    states: Mapping[int, Flag] | None = None,
    **others: Any,
) -> Snapshot:
    """Return a period; the sales are numbered from 1 on, everybody's own PV from 101 on.

    `pv` are points of who has not 100, `ranks` those set by hand, `states` of who may not all.
    """
    people = range(1, len(sponsor) + 1)
    points = dict.fromkeys(people, 100) | dict(pv or {})
    own = [(member, 0, 0) for member in people]
    volumes = {
        "pv": [0] * len(sales) + [points[member] * 100 for member in people],
        "cv": [volume * 100 for _, _, volume in sales] + [0] * len(own),
    }
    given: dict[str, Any] = {
        "sale": [*range(1, len(sales) + 1), *range(101, 101 + len(own))],
        "columns": volumes,
        "rank_override": [(ranks or {}).get(member, 0) for member in people],
        "flags": [int((states or {}).get(member, Flag.ALL)) for member in people],
    }
    return build_period(sponsor, [*sales, *own], **(given | others))


def run(plan: Plan, sponsor: Sequence[int], sales: Sequence[Sold], **others: Any) -> RunResult:
    """Return what a plan makes of a period."""
    return calculate_run(period_of(sponsor, sales, **others), plan)


def money(amount: int) -> str:
    """Return cents as dollars."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02}"


def percent(rate_ppm: int) -> str:
    """Return a rate as a per cent without ending zeros; of money, nothing."""
    if not rate_ppm:
        return ""
    return f"{rate_ppm // 10_000}.{rate_ppm % 10_000:04}".rstrip("0").rstrip(".") + "%"


def told(result: RunResult, bonus: int | None = None) -> list[str]:
    """Return all lines, or those under one name (its place in `Plan.pays`), in their order.

    `alice <- 3 level 1 10%: 5.00` is a line of sale 3; `alice <- bob ...` rests on Bob's earnings.
    """
    lines = lines_of(result)
    return [
        f"{NAMES[int(result.member[lines.earner[at]])]} <- {source_of(lines, at)} "
        + " ".join(
            word for word in (f"level {lines.level[at]}", percent(int(lines.rate_ppm[at]))) if word
        )
        + f": {money(int(lines.amount[at]))}"
        for at in range(len(lines.earner))
        if bonus is None or lines.bonus[at] == bonus
    ]


def source_of(lines: Lines, at: int) -> str:
    """Return the number of a line's sale, or the name of whose earnings it rests on."""
    source = int(lines.source[at])
    return str(source) if lines.evidence[at] == int(Evidence.SALE) else NAMES[source]


def why(result: RunResult, sale: int, bonus: int = 0) -> list[str]:
    """Return a sale's way up in a bonus: `bob level 2: inactive`, `carl level 1: paid 5% 2.50`."""
    return [in_a_line(step) for step in explain_sale(result, sale) if step.bonus == bonus]


def in_a_line(step: Trace) -> str:
    """Return what happened to one person: `dora level 1: skipped inactive, to bob`.

    `bob left: paired 10.00`; `alice level 0: capped per_earner, 5.00 of 7.00`.
    """
    where = f"level {step.level}" if not step.leg else ("left", "right")[step.leg - 1]
    words = [in_words(step.outcome)]
    if step.outcome == Outcome.PAID:
        words += [percent(step.rate_ppm), money(step.amount)]
    elif step.outcome == Outcome.CAPPED:
        words += [f"{step.limit}, {money(step.amount)} of {money(step.due)}"]
    elif step.leg:
        words += [money(step.base)]
    line = f"{NAMES[step.member]} {where}: {' '.join(word for word in words if word)}"
    if step.to != NOBODY:
        line += f", to {NAMES[step.to]}"
    if step.because is not None:
        line += f", {in_words(step.because)}"
    return line if step.source == NOBODY else f"{line} (of {NAMES[step.source]})"


def in_words(outcome: Outcome) -> str:
    """Return an outcome in small words."""
    return outcome.name.lower().replace("_", " ")


def missed(result: RunResult, member: int, bonus: int = 0) -> list[str]:
    """Return what somebody missed in a bonus: `level 1 inactive: 2, 3`, of sales 2 and 3.

    Of earnings whose they are, of legs the points; then, if so, to whom it went, or why.
    """
    found: list[Missed] = [each for each in missed_by(result, member) if each.bonus == bonus]
    return [in_a_row(each) for each in found]


def in_a_row(each: Missed) -> str:
    """Return what was missed for one reason."""
    of = [*map(str, each.sales.tolist()), *(NAMES[member] for member in each.members.tolist())]
    line = f"level {each.level} {in_words(each.outcome)}: {', '.join(of) or money(each.base)}"
    if each.to != NOBODY:
        line += f", to {NAMES[each.to]}"
    return line if each.because is None else f"{line}, {in_words(each.because)}"
