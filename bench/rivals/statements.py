"""The month in SQL, for DuckDB and PostgreSQL alike; each way up the tree in two forms.

Given are `member (id, sponsor)` and `sale (seller, customer, pv, cv)`, loaded and analysed. What
comes back stands in `earning`. The recursive form leaves the way up to the database; the other
form asks for one join a step, and stops when nobody is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from bench.engine.rules import Rules

Execute = Callable[[str], Any]
"""Run a statement; return the first column of its first row, if it has one."""

_PERSONAL: Final = """
CREATE TEMP TABLE personal AS
SELECT m.id, m.sponsor, coalesce(s.pv, 0)::bigint AS pv FROM member m
  LEFT JOIN (SELECT seller, sum(pv) AS pv FROM sale GROUP BY seller) s ON s.seller = m.id
"""
_CUSTOMERS: Final = """
CREATE TEMP TABLE served AS
SELECT seller, count(*) AS customers FROM
  (SELECT seller FROM sale WHERE customer >= 0 GROUP BY seller, customer
   HAVING sum(pv) >= {customer_pv}) bought GROUP BY seller
"""
_GROUP_RECURSIVE: Final = """
CREATE TEMP TABLE grouped AS
WITH RECURSIVE up (who, pv) AS (
  SELECT id, pv FROM personal WHERE pv > 0
  UNION ALL
  SELECT m.sponsor, up.pv FROM up JOIN member m ON m.id = up.who WHERE m.sponsor >= 0
) SELECT who AS id, sum(pv)::bigint AS gv FROM up GROUP BY who
"""
_STANDING: Final = """
CREATE TEMP TABLE standing AS
SELECT p.id, p.sponsor, CASE {ranks} ELSE 0 END AS covered FROM personal p
  LEFT JOIN served c ON c.seller = p.id LEFT JOIN grouped g ON g.id = p.id
"""
ENTERED: Final = """
CREATE TEMP TABLE entered AS
SELECT CASE WHEN s.customer >= 0 THEN s.seller ELSE m.sponsor END AS entry, s.cv
  FROM sale s JOIN member m ON m.id = s.seller
"""
_PAID_RECURSIVE: Final = """
CREATE TEMP TABLE paid AS
WITH RECURSIVE walk (entry, who, level) AS (
  SELECT DISTINCT entry, entry, 1 FROM entered WHERE entry >= 0
  UNION ALL
  SELECT w.entry, s.sponsor, w.level + CASE WHEN s.covered >= w.level THEN 1 ELSE 0 END
    FROM walk w JOIN standing s ON s.id = w.who
   WHERE s.sponsor >= 0 AND w.level + CASE WHEN s.covered >= w.level THEN 1 ELSE 0 END <= {depth}
) SELECT w.entry, w.who AS earner, w.level FROM walk w JOIN standing s ON s.id = w.who
   WHERE s.covered >= w.level
"""
EARNING: Final = """
CREATE TEMP TABLE earning AS
SELECT p.earner, p.level, r.rate_ppm, count(*) AS lines, sum(e.cv)::bigint AS base,
       sum((2 * e.cv * r.rate_ppm + 1000000) {divide} 2000000)::bigint AS amount
  FROM paid p JOIN entered e ON e.entry = p.entry
  JOIN (VALUES {rates}) AS r (level, rate_ppm) ON r.level = p.level
 GROUP BY p.earner, p.level, r.rate_ppm
"""
# The same for those who write every line down: which sale it is, and what it pays each
ENTERED_SALES: Final = ENTERED.replace("s.cv", "s.id AS sale, s.cv")
LINES: Final = """
CREATE TABLE line AS
SELECT e.sale, p.earner::bigint AS earner, p.level::bigint AS level, r.rate_ppm::bigint AS rate_ppm,
       e.cv AS base, (2 * e.cv * r.rate_ppm + 1000000) {divide} 2000000 AS amount
  FROM paid p JOIN entered e ON e.entry = p.entry
  JOIN (VALUES {rates}) AS r (level, rate_ppm) ON r.level = p.level
"""
MADE: Final = "personal served grouped standing entered paid earning".split()


def pay_recursive(
    execute: Execute,
    rules: Rules,
    *,
    divide: str,
    entered: str = ENTERED,
    wanted: str = EARNING,
) -> None:
    """Make `earning` with one recursive statement for the groups and one for the way up."""
    execute(_PERSONAL)
    execute(_CUSTOMERS.format(customer_pv=rules.customer_pv))
    execute(_GROUP_RECURSIVE)
    execute(_STANDING.format(ranks=_ranks(rules)))
    execute(entered)
    execute(_PAID_RECURSIVE.format(depth=rules.depth))
    execute(wanted.format(rates=_rates(rules), divide=divide))


def pay_by_joins(
    execute: Execute,
    rules: Rules,
    *,
    divide: str,
    entered: str = ENTERED,
    wanted: str = EARNING,
) -> None:
    """Make `earning` with one join for each step up."""
    execute(_PERSONAL)
    execute(_CUSTOMERS.format(customer_pv=rules.customer_pv))
    _group_by_joins(execute)
    execute(_STANDING.format(ranks=_ranks(rules)))
    execute(entered)
    _walk_by_joins(execute, rules)
    execute(wanted.format(rates=_rates(rules), divide=divide))


def _group_by_joins(execute: Execute) -> None:
    """Add everybody's volume to the upline one step further away, summed on the way."""
    execute("CREATE TEMP TABLE added AS SELECT id, pv FROM personal WHERE pv > 0")
    execute("CREATE TEMP TABLE up0 AS SELECT id, pv FROM personal WHERE pv > 0")
    for here, further in _pairs("up"):
        execute(
            f"CREATE TEMP TABLE {further} AS SELECT m.sponsor AS id, sum(u.pv)::bigint AS pv"
            f" FROM {here} u JOIN member m ON m.id = u.id WHERE m.sponsor >= 0 GROUP BY m.sponsor"
        )
        execute(f"INSERT INTO added SELECT id, pv FROM {further}")
        execute(f"DROP TABLE {here}")
        if not execute(f"SELECT count(*) FROM {further}"):
            execute(f"DROP TABLE {further}")
            break
    execute("CREATE TEMP TABLE grouped AS SELECT id, sum(pv)::bigint AS gv FROM added GROUP BY id")
    execute("DROP TABLE added")


def _walk_by_joins(execute: Execute, rules: Rules) -> None:
    execute(
        "CREATE TEMP TABLE walk0 AS"
        " SELECT DISTINCT entry, entry AS who, 1 AS level FROM entered WHERE entry >= 0"
    )
    execute("CREATE TEMP TABLE paid (entry bigint, earner bigint, level integer)")
    for here, further in _pairs("walk"):
        execute(
            f"INSERT INTO paid SELECT w.entry, w.who, w.level FROM {here} w"
            " JOIN standing s ON s.id = w.who WHERE s.covered >= w.level"
        )
        execute(
            f"CREATE TEMP TABLE {further} AS SELECT entry, who, level FROM (SELECT w.entry,"
            " s.sponsor AS who, w.level + CASE WHEN s.covered >= w.level THEN 1 ELSE 0 END AS level"
            f" FROM {here} w JOIN standing s ON s.id = w.who WHERE s.sponsor >= 0) w"
            f" WHERE level <= {rules.depth}"
        )
        execute(f"DROP TABLE {here}")
        if not execute(f"SELECT count(*) FROM {further}"):
            execute(f"DROP TABLE {further}")
            return


def _pairs(name: str) -> Iterator[tuple[str, str]]:
    step = 0
    while True:
        yield f"{name}{step}", f"{name}{step + 1}"
        step += 1


def _ranks(rules: Rules) -> str:
    """Return the cases of a rank, the highest first."""
    return " ".join(
        f"WHEN p.pv >= {max(rank.pv, rules.active_pv)}"
        f" AND coalesce(c.customers, 0) >= {rank.customers}"
        f" AND coalesce(g.gv, 0) >= {rank.gv} THEN {len(rank.rates_ppm)}"
        for rank in reversed(rules.ranks)
    )


def _rates(rules: Rules) -> str:
    highest = max(rules.ranks, key=lambda rank: len(rank.rates_ppm)).rates_ppm
    return ", ".join(f"({level}, {rate})" for level, rate in enumerate(highest, start=1))
