"""Rounding once per bonus or per earner, and sharing the sum over earnings and lines."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from tests.oracle.lines import Line
from tests.oracle.money import share_out
from tests.oracle.plan import Plan
from tests.oracle.run import Run


def rounded_together(run: Run, lines: Sequence[Line]) -> list[Line]:
    """Return an earner's lines with amounts that come to the exact sum, rounded once.

    The sum is shared over the earnings (bonus, level, rate), each share over the earning's lines.
    """
    earnings = by_earning(run.plan, lines)
    exact = [sum_of(some) for some in earnings]
    shares = share_out(run.plan.rounded(sum(exact, Fraction(0))), exact)
    found: list[Line] = []
    for some, share in zip(earnings, shares, strict=True):
        amounts = share_out(share, [line.exact for line in some])
        found += [replace(line, amount=amount) for line, amount in zip(some, amounts, strict=True)]
    return found


def sum_of(lines: Iterable[Line]) -> Fraction:
    return sum((line.exact for line in lines), Fraction(0))


def by_earning(plan: Plan, lines: Iterable[Line]) -> list[list[Line]]:
    """Return the lines of each earning: in the order of bonus, level and rate, the higher first."""
    earnings: dict[tuple[int, int, Fraction], list[Line]] = defaultdict(list)
    names = [bonus.name for bonus in plan.bonuses]
    for line in lines:
        earnings[names.index(line.bonus), line.level, -line.rate].append(line)
    return [earnings[key] for key in sorted(earnings)]


def by_earner(run: Run, lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Return everybody's lines, earners by number."""
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.earner].append(line)
    return {id: found[id] for id in run.members if id in found}


def rounded_by_earner(run: Run, lines: Iterable[Line]) -> list[Line]:
    """Return lines of one bonus, or of several, of which each earner's sum is rounded once."""
    found: list[Line] = []
    for some in by_earner(run, lines).values():
        found += rounded_together(run, some)
    return found


def in_order(run: Run, lines: Iterable[Line]) -> list[Line]:
    """Return lines by earner, bonus, level, rate (the higher first), and sale.

    After all bonuses come their caps, the plan's cap, and deductions. Lines that are equal in all
    this stay in the order in which they came to be: that of sales.
    """
    names = [bonus.name for bonus in run.plan.bonuses]
    names += [f"Cap on {name}" for name in names] + ["Payout cap"]
    names += [deduction.name for deduction in run.plan.deductions]

    places = {name: place for place, name in enumerate(names)}

    def place(line: Line) -> tuple[Any, ...]:
        earner = run.numbers.get(line.earner, len(run.numbers))
        bonus = places.get(line.bonus, len(places))
        return earner, bonus, line.level, -line.rate, by_leader(line)

    def by_leader(line: Line) -> tuple[int, int]:
        """Return the number of the leader from whom a guarantee moved something."""
        leader = line.evidence.removeprefix("earnings of ").removesuffix(f" in {line.bonus}")
        is_a_move = line.evidence == f"earnings of {leader} in {line.bonus}"
        return (0, run.numbers.get(leader, 0)) if is_a_move else (1, 0)

    return sorted(lines, key=place)
