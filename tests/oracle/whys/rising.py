"""Whom sales met where only a higher rate than the highest so far is paid."""

from collections.abc import Iterator

from tests.oracle.leaders import leader_test
from tests.oracle.plan import Bonus
from tests.oracle.rates import per_cent_for
from tests.oracle.run import Run
from tests.oracle.sales import Sold
from tests.oracle.way_up import SKIPPED, met_by, rule_for
from tests.oracle.whys.told import Key, Told, tree_of, why_never_paid


def of_differential(run: Run, bonus: Bonus, sold: Sold, keys: set[Key]) -> Iterator[Told]:
    """Yield everybody from the owner on: the buyer is level 0, a customer's seller level 1."""
    tree, owner = tree_of(run, bonus), str(sold.owner)
    buyer, breakaway = bonus.keys.get("buyer", "is paid"), bonus.keys.get("breakaway")
    level = 1 if sold.is_customer_order else 0
    people = [owner, *tree.upline(owner)]
    for at, id in enumerate(people):
        is_buyer = at == 0 and not sold.is_customer_order
        occupies = run.member(id).policies.occupies_level
        if is_buyer and buyer == "is left out":
            level = 1
            continue
        if not occupies:
            yield Told(id, 0, "state", is_skipped=True)
            level = 1 if is_buyer else level
            continue
        if is_buyer and buyer == "counts":
            yield Told(id, 0, "buyer")
        else:
            is_near = level < bonus.keys.get("from_level", 0)
            yield of_one(run, bonus, sold, id, keys, is_near=is_near)
        level += 1
        if breakaway and run.ranks[id].paid_as >= run.plan.number_of(breakaway):
            yield from (Told(each, 0, "beyond") for each in people[at + 1 :])
            return


def of_infinity(run: Run, bonus: Bonus, sold: Sold, keys: set[Key]) -> Iterator[Told]:
    """Yield everybody met; near is whoever has too few levels, or generations, below."""
    first, used = bonus.keys["from"], 0
    if bonus.keys.get("counted_in", "levels") == "levels":
        for id in met_by(tree_of(run, bonus), sold):
            if not run.member(id).policies.occupies_level:
                yield Told(id, 0, "state", is_skipped=True)
                continue
            yield of_one(run, bonus, sold, id, keys, is_near=used < first - 1)
            used += rule_for(run, bonus, id, covers=True) not in SKIPPED
        return
    is_leader, owner = leader_test(run, bonus), str(sold.owner)
    upline = [*tree_of(run, bonus).upline(owner)]
    is_above = bonus.keys.get("leader_sales", "own group") == "group above"
    for id in upline if is_above else [owner, *upline]:
        if is_leader(id):
            yield of_one(run, bonus, sold, id, keys, is_near=used < first)
            used += 1
        else:
            yield Told(id, 0, "no leader")


def of_one(run: Run, bonus: Bonus, sold: Sold, id: str, keys: set[Key], *, is_near: bool) -> Told:
    if (bonus.name, sold.id, id, 0) in keys:
        return Told(id, 0, "paid")
    if is_near:
        return Told(id, 0, "too near")
    rate = per_cent_for(run, bonus, id)
    return Told(id, 0, why_never_paid(run, bonus, id, rate) or "blocked")
