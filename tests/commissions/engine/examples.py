"""Worked examples in plain text: a plan, a network, sales, and every line that must come out.

The form is the one of docs/plan-language.md. In `network` a name may be followed by a state of
the lab, by `no-earns`, `no-occupies_level` and the like, and by `rank=NAME`, set by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from commissions.engine import Flag, RunResult, Snapshot, calculate_run, lines_of, make_snapshot
from commissions.engine.plan import Plan
from commissions.lab.figures import figure, per_cent, scaled
from commissions.lab.people import STATUSES
from commissions.plan import read_plan

SECTIONS = ("plan", "network", "sales", "standings", "pays")


@dataclass
class Example:
    """One example, read; `snapshot` numbers members and sales in the order of the text."""

    plan: Plan
    members: list[str] = field(default_factory=list)
    sponsors: list[int] = field(default_factory=list)
    flags: list[int] = field(default_factory=list)
    ranks: list[int] = field(default_factory=list)
    sales: list[str] = field(default_factory=list)
    columns: list[tuple[int, bool, int, int, int, int]] = field(default_factory=list)
    customers: list[str] = field(default_factory=list)
    standings: list[str] = field(default_factory=list)
    pays: list[str] = field(default_factory=list)

    def snapshot(self) -> Snapshot:
        """Return the engine's columns."""
        seller, own, customer, pv, cv, returns = zip(*self.columns, strict=True)
        return make_snapshot(
            member=range(len(self.members)),
            sponsor=self.sponsors,
            flags=self.flags,
            rank_override=self.ranks,
            sale=range(len(self.sales)),
            seller=seller,
            own=own,
            customer=customer,
            pv=pv,
            cv=cv,
            returns=returns,
        )


def read_example(text: str) -> Example:
    """Return the example that a text describes."""
    parts: dict[str, list[str]] = {name: [] for name in SECTIONS}
    at = ""
    for line in text.splitlines():
        if line in SECTIONS:
            at = line
        elif at == "plan" or (line.strip() and not line.startswith("#")):
            parts[at].append(line)
    example = Example(read_plan("\n".join(parts["plan"])))
    _read_network(example, parts["network"])
    for line in parts["sales"]:
        _read_sale(example, line)
    example.standings = [line.strip() for line in parts["standings"]]
    example.pays = [line.strip() for line in parts["pays"]]
    return example


def _read_network(example: Example, lines: list[str]) -> None:
    above: list[tuple[int, int]] = []
    for row, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        while above and above[-1][0] >= indent:
            above.pop()
        name, *words = line.split()
        flags, rank = Flag.ALL, -1
        for word in words:
            if word.startswith("rank="):
                names = [known.name for known in example.plan.ranks]
                rank = names.index(word[5:]) + 1
            elif word.startswith("no-"):
                flags &= ~Flag[word[3:].upper()]
            else:
                flags = STATUSES[word]
        example.members.append(name)
        example.sponsors.append(above[-1][1] if above else -1)
        example.flags.append(int(flags))
        example.ranks.append(rank)
        above.append((indent, row))


def _read_sale(example: Example, line: str) -> None:
    sale, rest = line.strip().split(": ")
    words = rest.split()
    returns = -1
    if words[0] == "returns":
        returns = example.sales.index(words[1])
        seller, own, customer, _, _, _ = example.columns[returns]
    elif words[0] == "customer":
        if words[1] not in example.customers:
            example.customers.append(words[1])
        seller, own = example.members.index(words[3]), False
        customer = 1000 + example.customers.index(words[1])
    else:
        seller, own, customer = example.members.index(words[0]), True, -1
    pv, cv = (scaled(word, 2) for word in words[-2:])
    example.sales.append(sale)
    example.columns.append((seller, own, customer, pv, cv, returns))


def paid(example: Example, snapshot: Snapshot, result: RunResult) -> list[str]:
    """Return every line of a result, as the example would write it."""
    lines = lines_of(snapshot, example.plan, result)
    return [
        f"{example.members[result.member[earner]]} <- {example.sales[sale]} "
        f"{example.plan.bonuses[bonus].name} level {level} {per_cent(rate)}: "
        f"{figure(amount, example.plan.exponent)}"
        for earner, sale, bonus, level, rate, amount in zip(
            lines.earner.tolist(), lines.sale.tolist(), lines.bonus.tolist(),
            lines.level.tolist(), lines.rate_ppm.tolist(), lines.amount.tolist(), strict=True,
        )
    ]  # fmt: skip


def differing_standings(example: Example, result: RunResult) -> Iterator[str]:
    """Give each claim about somebody's standing that is not so."""
    for line in example.standings:
        name, *words = line.split()
        row = result.network.row_of(example.members.index(name))
        for key, value in re.findall(r"(PV|CV|GV|rank|customers) (\S+)", line):
            found = _standing(example, result, row, key)
            if found != (str(scaled(value, 2)) if key in {"PV", "CV", "GV"} else value):
                yield f"{name}: {key} is {found}, not {value}"
        for word in {"active", "inactive"} & set(words):
            if bool(result.standings.active[row]) != (word == "active"):
                yield f"{name} is not {word}"


def _standing(example: Example, result: RunResult, row: int, key: str) -> str:
    standings = result.standings
    if key == "rank":
        return example.plan.rank_name(int(standings.rank[row])) or "none"
    if key == "customers":
        return ",".join(str(count) for count in standings.counts[:, row])
    return str(standings.volume(key)[row])


def work_out(example: Example) -> tuple[Snapshot, RunResult]:
    """Return the example's snapshot and result."""
    snapshot = example.snapshot()
    return snapshot, calculate_run(snapshot, example.plan)
