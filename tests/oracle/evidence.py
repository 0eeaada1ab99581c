"""Groups of sales that a line rests on: a level, a shape, a pool, the sales of some people."""

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction

from tests.oracle.figures import value
from tests.oracle.lines import Grounds
from tests.oracle.phrases import Orders, Sum, Weighted
from tests.oracle.plan import Plan
from tests.oracle.run import Run
from tests.oracle.sales import Sold


def sales_of(run: Run, volume: str, people: Collection[str] | None = None) -> Grounds:
    """Return the sales that a full level or a pool rests on, of some people or of all.

    They are those with a figure in the volume; if it is no sale volume, in any column.
    """
    if not run.plan.is_sale_volume(volume):
        return all_sales_of(run, sale_volume_in(run.plan, volume), people)
    return grounds_of(volume, {sold: base for sold, base in kept(run, volume, people) if base != 0})


def all_sales_of(run: Run, volume: str, people: Collection[str] | None) -> Grounds:
    """Return the sales that have a figure in any column, each with what it brings to a volume."""
    columns = columns_of(run.plan)
    found = kept(run, volume, people)
    return grounds_of(
        volume,
        {
            sold: base
            for sold, base in found
            if any(sold.figures.get(column, 0) != 0 for column in columns)
        },
    )


def kept(run: Run, volume: str, people: Collection[str] | None) -> Iterator[tuple[Sold, Fraction]]:
    """Yield the sales of the run whose owner keeps volume."""
    for sold in run.paying:
        if sold.owner is None or not run.member(sold.owner).policies.keeps_volume:
            continue
        if people is None or sold.owner in people:
            yield sold, run.base(volume, sold)


def grounds_of(volume: str, bases: Mapping[Sold, Fraction]) -> Grounds:
    whole = sum(bases.values(), Fraction(0))
    return Grounds(volume, {sold.id: base for sold, base in bases.items()}, whole)


def columns_of(plan: Plan) -> set[str]:
    """Return the columns that a plan knows."""
    named = {each.column for each in plan.volumes.values() if isinstance(each, Orders)}
    return {"pv", "cv", *named}


def sale_volume_in(plan: Plan, volume: str) -> str:
    """Return the sale volume that a volume is made of at the bottom; of people, PV."""
    while not plan.is_sale_volume(volume):
        meaning = plan.volumes[volume]
        assert not isinstance(meaning, Orders)
        if isinstance(meaning, Sum):
            volume = meaning.terms[0].volume
        elif isinstance(meaning, Weighted):
            volume = meaning.of or "PV"
        else:
            volume = meaning.of
    return volume


def all_together(run: Run, volume: str) -> Fraction:
    """Return a volume of all distributors together.

    Of a sale volume it is what the sales of the run's own period come to.
    """
    if run.plan.is_sale_volume(volume):
        return sales_of(run, volume).whole
    return sum((value(run, volume, id) for id in run.members), Fraction(0))
