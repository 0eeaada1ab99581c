"""`pool`: shares of a fund."""

import math
from collections.abc import Iterator
from fractions import Fraction

from tests.oracle.evidence import all_together, sales_of
from tests.oracle.figures import value
from tests.oracle.lines import Line
from tests.oracle.money import per_cent, share_out
from tests.oracle.plan import Bonus
from tests.oracle.rates import is_left_out, is_qualified
from tests.oracle.run import Run


def lines(run: Run, bonus: Bonus) -> Iterator[Line]:
    rate, volume = bonus.keys["fund"].split(" of ")
    points = all_together(run, volume)
    fund = run.plan.rounded(run.plan.worth(points) * per_cent(rate))
    grounds = sales_of(run, volume)
    shares = shares_of(run, bonus)
    if fund <= 0 or not grounds.volumes or not shares:
        return
    if "places" in bonus.keys:
        parts = by_places(run, bonus, fund, shares)
    elif bonus.keys.get("rest", "shared") == "kept":
        parts = [(id, 0, amount) for id, amount in by_value(run, fund, shares)]
    else:
        exact = [fund * share / sum(shares.values()) for share in shares.values()]
        amounts = share_out(fund, exact)
        parts = [(id, 0, amount) for id, amount in zip(shares, amounts, strict=True)]
    for id, place, amount in parts:
        yield Line(
            earner=id,
            bonus=bonus.name,
            level=place,
            evidence="pool",
            base=shares[id],
            rate=Fraction(0),
            amount=amount,
            exact=Fraction(amount),
            grounds=grounds,
        )


def shares_of(run: Run, bonus: Bonus) -> dict[str, Fraction]:
    """Return the shares of those who are qualified and have more than zero."""
    by = bonus.keys["shares"]
    shares = {
        id: Fraction(1) if by == "equal" else value(run, by, id)
        for id in run.members
        if is_qualified(run, bonus, id) and not is_left_out(run, bonus, id)
    }
    return {id: share for id, share in shares.items() if share > 0}


def by_value(run: Run, fund: int, shares: dict[str, Fraction]) -> Iterator[tuple[str, int]]:
    """Yield the shares times the value of one, which is cut to the smallest unit."""
    of_one = math.floor(fund / sum(shares.values()))
    for id, share in shares.items():
        yield id, run.plan.rounded(of_one * share)


def by_places(
    run: Run, bonus: Bonus, fund: int, shares: dict[str, Fraction]
) -> list[tuple[str, int, int]]:
    """Return who has which place and gets what: the most shares first, then who joined earlier."""
    ranking = sorted(shares, key=lambda id: (-shares[id], run.member(id).joined, run.numbers[id]))
    rates = [per_cent(text) for text in bonus.keys["places"]]
    return [
        (id, place, run.plan.rounded(fund * rate))
        for place, (id, rate) in enumerate(zip(ranking, rates, strict=False), 1)
        if rate != 0
    ]
