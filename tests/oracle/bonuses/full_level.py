"""`full-level`: for a level of a matrix that is full."""

from collections.abc import Iterator
from fractions import Fraction

from tests.oracle.evidence import sales_of
from tests.oracle.lines import Line, Paid
from tests.oracle.plan import Bonus, Rate
from tests.oracle.rates import is_qualified, part_of, rates_for
from tests.oracle.requirements import is_met
from tests.oracle.run import Run


def work_out(run: Run, bonus: Bonus) -> Paid:
    """Return the lines, and which levels have been paid for good."""
    all_of_it = Paid()
    once = bonus.keys.get("once", False)
    for id in run.members:
        before = run.state.numbers(id, f"{bonus.name}.level") if once else set()
        now = [line for line in lines(run, bonus, id) if line.level not in before]
        all_of_it.lines += now
        if once:
            for level in sorted({*before, *(line.level for line in now)}):
                all_of_it.state.append((id, f"{bonus.name}.level", Fraction(level)))
    return all_of_it


def lines(run: Run, bonus: Bonus, id: str) -> Iterator[Line]:
    """Yield a line for each full level that the grade covers and on which something was sold."""
    if not is_qualified(run, bonus, id):
        return
    tree = run.trees[bonus.keys["tree"]]
    on_level = [id]
    for level, rate in enumerate(rates_for(run, bonus, id), 1):
        on_level = [each for above in on_level for each in tree.below(above)]
        if not is_full(run, bonus, on_level, tree.rules.width**level):
            continue
        grounds = sales_of(run, bonus.keys["pays_on"], on_level)
        exact = worth_of(run, bonus, rate, grounds.whole)
        if grounds.volumes and rate not in (Rate(), Rate(money=0)):
            yield Line(
                earner=id,
                bonus=bonus.name,
                level=level,
                evidence=f"level {level} of {id}",
                base=grounds.whole,
                rate=rate.per_cent,
                amount=run.plan.rounded(exact),
                exact=exact,
                grounds=grounds,
            )


def is_full(run: Run, bonus: Bonus, people: list[str], places: int) -> bool:
    counted = bonus.counted
    assert counted is not None
    return len(people) == places and all(is_met(run, counted, each) for each in people)


def worth_of(run: Run, bonus: Bonus, rate: Rate, volume: Fraction) -> Fraction:
    if rate.money is not None:
        return Fraction(rate.money)
    return part_of(run, bonus, volume, rate.per_cent)
