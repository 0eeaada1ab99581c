"""`differential`: the difference between rates on the way up."""

from collections.abc import Iterator
from fractions import Fraction

from tests.oracle.lines import Line
from tests.oracle.plan import Bonus, Rate
from tests.oracle.rates import is_qualified, per_cent_for
from tests.oracle.run import Run
from tests.oracle.sales import Sold
from tests.oracle.way_up import line_on_sale, sales_of


def lines(run: Run, bonus: Bonus) -> Iterator[Line]:
    for sold, owner, base in sales_of(run, bonus):
        bar = Fraction(0)
        for id, level in met(run, bonus, sold, owner):
            rate = per_cent_for(run, bonus, id)
            is_paid = may_be_paid(run, bonus, id, level)
            if is_paid and rate > bar:
                yield from line_on_sale(
                    run, bonus, id, sold, level=0, base=base, rate=Rate(rate - bar)
                )
            if is_paid or raises_the_bar(run, bonus, id, level):
                bar = max(bar, rate)


def met(run: Run, bonus: Bonus, sold: Sold, owner: str) -> Iterator[tuple[str, int]]:
    """Yield whom a sale meets, each with the level: the buyer 0, a customer's seller 1."""
    tree = run.trees[bonus.keys.get("tree", "sponsor")]
    breakaway = bonus.keys.get("breakaway")
    level = 1 if sold.is_customer_order else 0
    for id in [owner, *tree.upline(owner)]:
        is_buyer = id == owner and level == 0
        if is_buyer and (buyer_is(bonus, "left out") or not occupies(run, id)):
            level = 1
        elif occupies(run, id):
            yield id, level
            level += 1
            if breakaway and run.ranks[id].paid_as >= run.plan.number_of(breakaway):
                return


def occupies(run: Run, id: str) -> bool:
    return run.member(id).policies.occupies_level


def buyer_is(bonus: Bonus, what: str) -> bool:
    says = {"paid": "is paid", "counted": "counts", "left out": "is left out"}[what]
    return bool(bonus.keys.get("buyer", "is paid") == says)


def may_be_paid(run: Run, bonus: Bonus, id: str, level: int) -> bool:
    if level == 0 and buyer_is(bonus, "counted"):
        return False
    return is_qualified(run, bonus, id) and level >= bonus.keys.get("from_level", 0)


def raises_the_bar(run: Run, bonus: Bonus, id: str, level: int) -> bool:
    """Return whether the rate of somebody who is not paid counts for those above."""
    if level == 0 and buyer_is(bonus, "counted"):
        return True
    if not is_qualified(run, bonus, id):
        return bool(bonus.keys.get("unqualified", "pass up") == "block")
    is_below = level < bonus.keys.get("from_level", 0)
    return is_below and bool(bonus.keys.get("lower_levels", "count") == "count")
