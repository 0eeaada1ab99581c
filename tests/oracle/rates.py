"""Rates by the grade of an earner, and what a rate makes of a base."""

from collections.abc import Sequence
from fractions import Fraction

from tests.oracle.figures import value
from tests.oracle.plan import Bonus, Rate, Rates
from tests.oracle.requirements import is_met
from tests.oracle.run import Run

NOTHING: tuple[Rate, ...] = ()


def table_for(run: Run, bonus: Bonus, id: str, key: str = "rates") -> Rates | None:
    """Return a table of a bonus as it is in the member's market; None for who is left out."""
    market = run.plan.market(run.member(id).market)
    if bonus.name in market.leave_out:
        return None
    said = market.bonuses.get(bonus.name)
    if said is not None and key in said.tables:
        return said.tables[key]
    return bonus.tables.get(key)


def rates_for(run: Run, bonus: Bonus, id: str, key: str = "rates") -> Sequence[Rate]:
    """Return the rates of the member's grade by level, none if the grade has no rates."""
    table = table_for(run, bonus, id, key)
    return NOTHING if table is None else row_of(run, table, bonus.rates_by, id)


def row_of(run: Run, table: Rates, rates_by: str, id: str) -> Sequence[Rate]:
    if table.by == "everybody":
        return table.rows[None]
    if table.by == "volume":
        return highest_reached(table, value(run, rates_by, id))
    return row_of_rank(run, table, rank_by(run, rates_by, id))


def rank_by(run: Run, rates_by: str, id: str) -> int:
    """Return the grade's rank, as a number."""
    ranks = run.ranks[id]
    return {"paid-as": ranks.paid_as, "title": ranks.title, "highest": ranks.highest}[rates_by]


def row_of_rank(run: Run, table: Rates, rank: int) -> Sequence[Rate]:
    """Return the rates of a rank: its own, or those of the nearest lower rank that is named."""
    for number in range(rank, 0, -1):
        name = run.plan.rank_name(number)
        if name in table.rows:
            return table.rows[name]
    return NOTHING


def highest_reached(table: Rates, points: Fraction) -> Sequence[Rate]:
    """Return the rates of the highest threshold that is reached."""
    reached = [threshold for threshold in table.rows if threshold <= points]
    return table.rows[max(reached)] if reached else NOTHING


def one_rate_for(run: Run, bonus: Bonus, id: str, key: str = "rates") -> Rate | None:
    """Return the one rate of a bonus without levels."""
    return next(iter(rates_for(run, bonus, id, key)), None)


def per_cent_for(run: Run, bonus: Bonus, id: str, key: str = "rates") -> Fraction:
    """Return the one rate, 0 for a grade that has none."""
    rate = one_rate_for(run, bonus, id, key)
    return rate.per_cent if rate else Fraction(0)


def depth_of(run: Run, bonus: Bonus, key: str = "rates") -> int:
    """Return the length of the longest list of rates, those of markets included."""
    tables = [bonus.tables[key]]
    for market in run.plan.markets.values():
        said = market.bonuses.get(bonus.name)
        if said is not None and key in said.tables:
            tables.append(said.tables[key])
    return max(table.depth for table in tables)


def meets_requires(run: Run, bonus: Bonus, id: str) -> bool:
    said = run.plan.market(run.member(id).market).bonuses.get(bonus.name)
    return is_met(run, (said and said.requires) or bonus.requires, id)


def seems_active(run: Run, bonus: Bonus, id: str) -> bool:
    """Return whether the member is active, or the bonus treats everybody as if they were."""
    return run.active[id] or bonus.paid_to == "everybody"


def is_qualified(run: Run, bonus: Bonus, id: str) -> bool:
    return (
        run.member(id).policies.earns
        and seems_active(run, bonus, id)
        and meets_requires(run, bonus, id)
    )


def is_left_out(run: Run, bonus: Bonus, id: str) -> bool:
    return bonus.name in run.plan.market(run.member(id).market).leave_out


def part_of(run: Run, bonus: Bonus, points: Fraction, rate: Fraction) -> Fraction:
    """Return base x point value x part x rate, in the smallest unit, exactly."""
    return run.plan.worth(points) * bonus.part * rate
