"""Other ways of paying the same month, and up to which size each is worth waiting for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from bench import plain
from bench.earnings import Measured, agree, measure
from bench.months import Month, make_month
from bench.rules import Rules, bench_plan, rules_of
from bench.servers import FORMS, pay_in_duckdb, pay_in_postgresql
from mlm.copying import Rows

Pay = Callable[[Month, Rules], tuple[Rows, float]]

DEEP: Final = ("chain", "deep")
SMALL: Final = 100_000
SMALL_CHAIN: Final = 2_000


@dataclass(frozen=True, slots=True)
class Rival:
    """Another way. In a chain, steps up the tree and pairs in a group grow without end: so limits.

    `deep_limit` is for shapes as deep as they are large.
    """

    name: str
    pay: Pay
    limit: int
    deep_limit: int

    def can(self, month: Month) -> bool:
        """Tell whether this month ends within minutes."""
        limit = self.deep_limit if month.shape in DEEP else self.limit
        return len(month.sponsor) <= limit


@dataclass(frozen=True, slots=True)
class Compared:
    """A month, the engine's figures, and the seconds of each rival that worked out the same."""

    month: Month
    engine: Measured
    rivals: dict[str, float]


def all_rivals(*, database_url: str, up_to: int) -> list[Rival]:
    """Return plain Python, and DuckDB and PostgreSQL in both forms; `up_to` limits PostgreSQL."""
    everywhere = 10**9
    found = [Rival("plain Python", _in_python, everywhere, SMALL)]
    for form in FORMS:
        deep = SMALL_CHAIN if form == "recursive SQL" else 0
        found.append(Rival(f"DuckDB, {form}", _in_duckdb(form), everywhere, deep))
        found.append(Rival(f"PostgreSQL, {form}", _in_postgresql(form, database_url), up_to, deep))
    return found


def _in_python(month: Month, rules: Rules) -> tuple[Rows, float]:
    started = perf_counter()
    rows = plain.pay_month(month, rules)
    return rows, perf_counter() - started


def _in_duckdb(form: str) -> Pay:
    return lambda month, rules: pay_in_duckdb(month, rules, form=form)


def _in_postgresql(form: str, database_url: str) -> Pay:
    return lambda month, rules: pay_in_postgresql(
        month, rules, form=form, database_url=database_url
    )


def compare(
    *,
    sizes: Sequence[tuple[int, int]],
    shapes: Sequence[str],
    rivals: Sequence[Rival],
    repeats: int,
    seed: int,
    say: Callable[[str], None],
) -> Iterator[Compared]:
    """Measure the engine at every size and shape, and each rival where it can follow.

    All must agree to the cent; otherwise `Disagreement` is raised and no time is told.
    """
    plan = bench_plan()
    rules = rules_of(plan)
    for shape in shapes:
        for members, orders in _sizes_of(shape, sizes):
            month = make_month(members=members, orders=orders, shape=shape, seed=seed)
            say(str(month))
            engine = measure(month, plan, repeats=repeats)
            times = {}
            for rival in rivals:
                if rival.can(month):
                    say(f"  {rival.name}")
                    times[rival.name] = _best_of(rival, month, rules, engine.earnings)
            yield Compared(month, engine, times)


def _best_of(rival: Rival, month: Month, rules: Rules, ours: Rows) -> float:
    """Return a rival's best time of two, or of one where a month is large."""
    found = []
    for _ in range(2 if len(month.sponsor) <= SMALL else 1):
        rows, seconds = rival.pay(month, rules)
        agree(ours, rows, who=f"{rival.name}, {month}")
        found.append(seconds)
    return min(found)


def _sizes_of(shape: str, sizes: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Put a size before the others that SQL can stand, where the shape is a chain."""
    smallest = min(members for members, _ in sizes)
    if shape not in DEEP or smallest <= SMALL_CHAIN:
        return list(sizes)
    return [(SMALL_CHAIN, 2 * SMALL_CHAIN), *sizes]
