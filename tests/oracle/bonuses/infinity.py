"""`infinity`: on everything below a level or generation, down to the next who is paid it."""

from collections.abc import Iterator
from fractions import Fraction

from tests.oracle.leaders import leader_test, leaders_met
from tests.oracle.lines import Line
from tests.oracle.plan import Bonus, Rate
from tests.oracle.rates import is_qualified, per_cent_for
from tests.oracle.run import Run
from tests.oracle.sales import Sold
from tests.oracle.way_up import SKIPPED, line_on_sale, met_by, rule_for, sales_of


def lines(run: Run, bonus: Bonus) -> Iterator[Line]:
    first_only = bonus.keys.get("blocking", "difference") == "first"
    for sold, owner, base in sales_of(run, bonus):
        bar = Fraction(0)
        for id in from_the_first(run, bonus, sold, owner):
            rate = per_cent_for(run, bonus, id)
            if is_qualified(run, bonus, id) and rate > bar:
                yield from line_on_sale(
                    run, bonus, id, sold, level=0, base=base, rate=Rate(rate - bar)
                )
                bar = rate
                if first_only:
                    break


def from_the_first(run: Run, bonus: Bonus, sold: Sold, owner: str) -> Iterator[str]:
    """Yield those met whose level or generation is at least `from`."""
    tree = run.trees[bonus.keys.get("tree", "sponsor")]
    if bonus.keys.get("counted_in", "levels") == "generations":
        found = list(leaders_met(bonus, tree, owner, leader_test(run, bonus)))
        yield from found[bonus.keys["from"] :]
        return
    level = 0
    for id in met_by(tree, sold):
        if rule_for(run, bonus, id, covers=True) not in SKIPPED:
            level += 1
            if level >= bonus.keys["from"]:
                yield id
