"""Deductions: a per cent of what a member earns in the run, after caps."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from tests.oracle.lines import Grounds, Line
from tests.oracle.rounding import by_earner
from tests.oracle.run import Run


def lines(run: Run, paid: Sequence[Line]) -> Iterator[Line]:
    """Yield what is taken off, one deduction after the other, each of the same sum."""
    for id, some in by_earner(run, paid).items():
        earned = sum(line.amount for line in some)
        for deduction in run.plan.deductions:
            amount = run.plan.rounded(earned * deduction.rate)
            if amount > 0:
                yield Line(
                    earner=id,
                    bonus=deduction.name,
                    level=0,
                    evidence=f"earnings of {id}",
                    base=Fraction(0),
                    rate=Fraction(0),
                    amount=-amount,
                    exact=Fraction(-amount),
                    grounds=Grounds(whole=Fraction(earned), lines=tuple(some)),
                )
