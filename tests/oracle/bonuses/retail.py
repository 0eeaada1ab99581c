"""`retail` and `personal`: each sale pays its owner."""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from tests.oracle.figures import value
from tests.oracle.lines import Line
from tests.oracle.phrases import OverTime
from tests.oracle.plan import Bonus, Rates
from tests.oracle.rates import highest_reached, is_qualified, one_rate_for, table_for
from tests.oracle.run import Run
from tests.oracle.sales import Sold
from tests.oracle.way_up import line_on_sale, sales_of

Counted = tuple[str, ...]
"""What a size is of: a sale, a buyer with an owner, or an owner."""


def lines(run: Run, bonus: Bonus) -> Iterator[Line]:
    if "tiers" not in bonus.tables:
        return at_one_rate(run, bonus)
    if bonus.keys.get("tier_mode", "whole") == "whole":
        return at_the_rate_reached(run, bonus)
    return part_by_part(run, bonus)


def at_one_rate(run: Run, bonus: Bonus) -> Iterator[Line]:
    for sold, owner, base in own_sales(run, bonus):
        rate = one_rate_for(run, bonus, owner)
        if rate is not None and is_qualified(run, bonus, owner):
            yield from line_on_sale(run, bonus, owner, sold, level=0, base=base, rate=rate)


def at_the_rate_reached(run: Run, bonus: Bonus) -> Iterator[Line]:
    """Yield the pay on each sale at the rate of the highest threshold that the size reaches."""
    sizes: dict[Counted, Fraction] = defaultdict(Fraction)
    for sold, _, base in own_sales(run, bonus):
        sizes[counted_by(bonus, sold)] += base
    for sold, owner, base in own_sales(run, bonus):
        tiers = table_for(run, bonus, owner, "tiers")
        if tiers is not None and is_qualified(run, bonus, owner):
            size = sizes[counted_by(bonus, sold)]
            tier = sum(threshold <= size for threshold in tiers.rows)
            for rate in highest_reached(tiers, size):
                yield from line_on_sale(run, bonus, owner, sold, level=tier, base=base, rate=rate)


def part_by_part(run: Run, bonus: Bonus) -> Iterator[Line]:
    """Put the sales one after another, and pay each part at the rate of its tier."""
    counts: dict[Counted, Fraction] = {}
    for sold, owner, base in own_sales(run, bonus):
        key = counted_by(bonus, sold)
        before = counts.get(key, begins_with(run, bonus, owner))
        counts[key] = before + base
        tiers = table_for(run, bonus, owner, "tiers")
        if tiers is not None and is_qualified(run, bonus, owner):
            yield from in_parts(run, bonus, sold, tiers, before, counts[key])


def own_sales(run: Run, bonus: Bonus) -> Iterator[tuple[Sold, str, Fraction]]:
    """Yield the sales in the order of their numbers; for `retail`, customers' only."""
    for sold, owner, base in sales_of(run, bonus):
        if bonus.kind == "personal" or sold.is_customer_order:
            yield sold, owner, base


def counted_by(bonus: Bonus, sold: Sold) -> Counted:
    return {
        "sale": (sold.id,),
        "buyer": (str(sold.owner), sold.buyer),
        "earner": (str(sold.owner),),
    }[bonus.keys.get("tiers_by", "buyer")]


def begins_with(run: Run, bonus: Bonus, owner: str) -> Fraction:
    """Return what earlier periods added, for a count that goes on for life."""
    volume = bonus.keys.get("tiers_from")
    if volume is None:
        return Fraction(0)
    meaning = run.plan.volumes[volume]
    assert isinstance(meaning, OverTime)
    return value(run, volume, owner) - value(run, meaning.of, owner)


def in_parts(
    run: Run, bonus: Bonus, sold: Sold, tiers: Rates, before: Fraction, after: Fraction
) -> Iterator[Line]:
    """Yield a line for what lies of the sale between each two thresholds."""
    thresholds = sorted(tiers.rows)
    for number, threshold in enumerate(thresholds, 1):
        end = thresholds[number] if number < len(thresholds) else max(before, after, threshold)
        part = inside(after, threshold, end) - inside(before, threshold, end)
        if part != 0 and sold.owner is not None:
            (rate,) = tiers.rows[threshold]
            yield from line_on_sale(
                run, bonus, sold.owner, sold, level=number, base=part, rate=rate
            )


def inside(count: Fraction, start: Fraction, end: Fraction) -> Fraction:
    return min(max(count, start), end)
