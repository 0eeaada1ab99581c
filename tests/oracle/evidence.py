"""Groups of sales that a line rests on: a level, a shape, a pool, the sales of some people."""

from collections.abc import Collection
from fractions import Fraction

from tests.oracle.figures import value
from tests.oracle.lines import Grounds
from tests.oracle.phrases import Orders, Sum, Weighted
from tests.oracle.plan import Plan
from tests.oracle.run import Run


def sales_of(run: Run, volume: str, people: Collection[str] | None = None) -> Grounds:
    """Return the sales of the period that bring something to a volume, of some people or of all.

    Those of a distributor who does not keep volume bring nothing.
    """
    column = sale_volume_in(run.plan, volume)
    volumes: dict[str, Fraction] = {}
    for sold in run.paying:
        if sold.owner is None or (people is not None and sold.owner not in people):
            continue
        base = run.base(column, sold)
        if base != 0 and run.member(sold.owner).policies.keeps_volume:
            volumes[sold.id] = base
    return Grounds(column, volumes, sum(volumes.values(), Fraction(0)))


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
