"""`reward`: fixed money for something reached."""

from collections.abc import Iterator
from fractions import Fraction

from tests.oracle.days import since
from tests.oracle.evidence import all_sales_of
from tests.oracle.lines import Grounds, Line, Paid
from tests.oracle.plan import Bonus
from tests.oracle.rates import is_qualified, one_rate_for, rank_by, table_for
from tests.oracle.requirements import counted, fits
from tests.oracle.run import Run
from tests.oracle.trees import downline


def work_out(run: Run, bonus: Bonus) -> Paid:
    """Return the lines, and which ranks have been paid for good."""
    all_of_it = Paid()
    for id in run.members:
        if bonus.keys.get("when", "each period") == "each period":
            rate = one_rate_for(run, bonus, id, "pays")
            money = rate.money if rate else None
            all_of_it.lines += on_level(run, bonus, id, 0, money)
            continue
        before = run.state.numbers(id, f"{bonus.name}.rank")
        now = list(once(run, bonus, id, before))
        all_of_it.lines += now
        for rank in sorted({*before, *(line.level for line in now)}):
            all_of_it.state.append((id, f"{bonus.name}.rank", Fraction(rank)))
    return all_of_it


def once(run: Run, bonus: Bonus, id: str, before: set[int]) -> Iterator[Line]:
    """Yield a line for each rank up to the own one that is named and was not paid before."""
    table = table_for(run, bonus, id, "pays")
    if table is None:
        return
    for rank in range(1, rank_by(run, bonus.rates_by, id) + 1):
        name = run.plan.rank_name(rank)
        if name in table.rows and rank not in before:
            (rate,) = table.rows[name]
            yield from on_level(run, bonus, id, rank, rate.money)


def on_level(run: Run, bonus: Bonus, id: str, level: int, money: int | None) -> Iterator[Line]:
    """Yield the line, if anything was sold by those whom it rests on."""
    if not money or not is_qualified(run, bonus, id) or not is_in_time(run, bonus, id):
        return
    times, grounds = times_and_grounds(run, bonus, id)
    if times and grounds.volumes:
        yield Line(
            earner=id,
            bonus=bonus.name,
            level=level,
            evidence=f"group of {id}",
            base=Fraction(times),
            rate=Fraction(0),
            amount=times * money,
            exact=Fraction(times * money),
            grounds=grounds,
        )


def is_in_time(run: Run, bonus: Bonus, id: str) -> bool:
    """Return whether the last day of the period is soon enough after joining."""
    if "within" not in bonus.keys:
        return True
    number, unit = bonus.keys["within"].split()
    joined = run.member(id).joined.date()
    return since(joined, run.period.last_day, unit.removesuffix("s") + "s") < int(number)


def times_and_grounds(run: Run, bonus: Bonus, id: str) -> tuple[int, Grounds]:
    if bonus.for_each is None:
        tree = run.trees[bonus.keys.get("tree", "sponsor")]
        return 1, all_sales_of(run, "PV", [id, *downline(tree, id)])
    found = list(counted(run, bonus.for_each, id))
    return len(found), all_sales_of(run, "PV", [id, *people_of(run, bonus, found)])


def people_of(run: Run, bonus: Bonus, found: list[str]) -> Iterator[str]:
    """Yield the people counted; of legs, those in them who meet the conditions."""
    people = bonus.for_each
    assert people is not None
    if people.whom != "legs":
        yield from found
        return
    tree = run.trees[people.tree]
    seen = run.seen_for(str(people), tree)
    for head in found:
        leg = [head, *downline(tree, head, seen)]
        yield from (each for each in leg if fits(run, people, each))
