"""Other ways of paying the same month, and up to which size each is worth waiting for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Final

from bench.engine.earnings import Measured, Paid, agree, measure, pay_once
from bench.engine.months import Month, make_month
from bench.engine.rules import Rules, bench_plan, rules_of
from bench.rivals import plain
from bench.rivals.servers import FORMS, pay_in_duckdb, pay_in_postgresql
from bench.shell import Say
from mlm.copying import Rows

Pay = Callable[[Month, Rules], Paid]

DEEP: Final = ("chain", "deep")
SMALL: Final = 100_000
SMALL_CHAIN: Final = 2_000
ONCE_ABOVE_SECONDS: Final = 30.0
OURS: Final = "Upline"


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


PayBy = Callable[[Rival, Month, Rules, int], Paid]
"""How a rival is asked: with its month, the rules, and the seed that the month was made from."""


def in_this_process(rival: Rival, month: Month, rules: Rules, seed: int) -> Paid:
    """Ask a rival here."""
    return rival.pay(month, rules)


@dataclass(frozen=True, slots=True)
class Compared:
    """A month, the engine's figures, and of each rival that found the same its seconds and memory.

    `ours` is the engine once, in a process of its own.
    """

    month: Month
    engine: Measured
    ours: Paid
    rivals: dict[str, Paid]


def all_rivals(*, database_url: str, up_to: int, django_up_to: int) -> list[Rival]:
    """Return Django in two ways, plain Python, and DuckDB and PostgreSQL in both forms.

    `up_to` limits PostgreSQL, `django_up_to` Django.
    """
    everywhere = 10**9
    found = [
        Rival("Django, a loop", _in_a_loop, django_up_to, 0),
        Rival("django-treebeard", _with_treebeard, django_up_to, 0),
        Rival("plain Python", _in_python, 1_000_000, SMALL),
    ]
    for form in FORMS:
        deep = SMALL_CHAIN if form == "recursive SQL" else 0
        found.append(Rival(f"DuckDB, {form}", _in_duckdb(form), everywhere, deep))
        found.append(Rival(f"PostgreSQL, {form}", _in_postgresql(form, database_url), up_to, deep))
    return found


def ours() -> Rival:
    """Return the engine as if it were a rival, for its memory."""
    plan = bench_plan()
    return Rival(OURS, lambda month, rules: pay_once(month, plan), 10**9, 10**9)


def _in_a_loop(month: Month, rules: Rules) -> Paid:
    from bench.rivals.orm import pay_in_a_loop

    return pay_in_a_loop(month, rules)


def _with_treebeard(month: Month, rules: Rules) -> Paid:
    from bench.rivals.orm import pay_with_treebeard

    return pay_with_treebeard(month, rules)


def _in_python(month: Month, rules: Rules) -> Paid:
    started = perf_counter()
    rows = plain.pay_month(month, rules)
    return Paid(rows, perf_counter() - started)


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
    say: Say,
    pay: PayBy = in_this_process,
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
            asked = [ours(), *(rival for rival in rivals if rival.can(month))]
            found = {}
            for rival in asked:
                say(f"  {rival.name}")
                found[rival.name] = _best_of(rival, month, rules, seed, engine.earnings, pay)
            yield Compared(month, engine, found.pop(OURS), found)


def _best_of(rival: Rival, month: Month, rules: Rules, seed: int, ours: Rows, pay: PayBy) -> Paid:
    """Return a rival's best time of two, or of one where that took long or a month is large.

    What it paid is left out of what comes back, once it agrees.
    """
    best: Paid | None = None
    for _ in range(2 if len(month.sponsor) <= SMALL else 1):
        paid = pay(rival, month, rules, seed)
        agree(ours, paid.rows, who=f"{rival.name}, {month}")
        if best is None or paid.seconds < best.seconds:
            best = replace(paid, rows=paid.rows[:0])
        if paid.seconds > ONCE_ABOVE_SECONDS:
            break
    assert best is not None
    return best


def _sizes_of(shape: str, sizes: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Put a size before the others that SQL can stand, where the shape is a chain."""
    smallest = min(members for members, _ in sizes)
    if shape not in DEEP or smallest <= SMALL_CHAIN:
        return list(sizes)
    return [(SMALL_CHAIN, 2 * SMALL_CHAIN), *sizes]
