"""Reads the worked examples of docs/plan-language.md: a plan, a network, sales, what must come."""

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from tests.oracle.model import Line, Member, Plan, Sale, Standing, member_of_status
from tests.oracle.money import per_cent
from tests.oracle.reading import read_plan

Payment = tuple[str, str, str, int, Fraction, Fraction]


@dataclass
class Example:
    plan_text: str
    plan: Plan
    network: dict[str, Member]
    sales: list[Sale]
    standings: list[str]
    pays: list[Payment]


PAGE = Path(__file__).parents[2] / "docs" / "plan-language.md"
EXAMPLES = re.findall(r"```example\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
"""The examples of the documentation, as they stand there."""


def sections(text: str) -> dict[str, list[str]]:
    """Return the lines under each of the example's five words."""
    found: dict[str, list[str]] = {}
    into: list[str] = []
    for line in text.splitlines():
        if line in ("plan", "network", "sales", "standings", "pays"):
            into = found.setdefault(line, [])
        elif line.strip() and not line.startswith("#"):
            into.append(line)
    return found


def read_example(text: str) -> Example:
    part = sections(text)
    network = read_network(part["network"])
    sales = [read_sale(line, network) for line in part["sales"]]
    plan_text = "\n".join(part["plan"]) + "\n"
    plan = read_plan(plan_text)
    pays = [read_payment(line, plan) for line in part.get("pays", [])]
    return Example(plan_text, plan, network, sales, part.get("standings", []), pays)


def read_network(lines: list[str]) -> dict[str, Member]:
    """Return the distributors: who is indented further is sponsored by the line above."""
    network: dict[str, Member] = {}
    open_lines: list[tuple[int, str]] = []
    for line in lines:
        indent = len(line) - len(line.lstrip())
        id, *status = line.split()
        while open_lines and open_lines[-1][0] >= indent:
            open_lines.pop()
        sponsor = open_lines[-1][1] if open_lines else None
        network[id] = member_of_status(id, sponsor, "".join(status) or "active")
        open_lines.append((indent, id))
    return network


def read_sale(line: str, network: dict[str, Member]) -> Sale:
    """Return the sale, and add a customer who is met here for the first time."""
    id, rest = line.split(": ")
    if rest.startswith("customer "):
        _, buyer, _, seller, pv, cv = rest.split()
        network.setdefault(buyer, Member(buyer, seller, is_customer=True))
        return Sale(id, buyer, is_customer_order=True, pv=Fraction(pv), cv=Fraction(cv))
    buyer, pv, cv = rest.split()
    return Sale(id, buyer, is_customer_order=False, pv=Fraction(pv), cv=Fraction(cv))


def misses(line: str, standings: dict[str, Standing]) -> list[str]:
    """Return what a line of expected figures (`alice PV 100 active`) says that is not so."""
    id, said = line.split(" ", 1)
    standing = standings[id]
    wrong = [
        f"{id} {name} {points}"
        for name, points in re.findall(r"([PCG]V) ([\d.-]+)", said)
        if standing.volumes[name] != Fraction(points)
    ]
    if rank := re.search(r"rank (\w+)", said):
        wrong += [f"{id} rank {rank[1]}"] if standing.paid_as != rank[1] else []
    if state := re.search(r"\b(in)?active\b", said):
        wrong += [f"{id} {state[0]}"] if standing.is_active == bool(state[1]) else []
    return wrong


def read_payment(line: str, plan: Plan) -> Payment:
    """Return what a line such as `bob <- s2 Unilevel level 1 10%: 5.00` says."""
    found = re.fullmatch(r"(\w+) <- (\w+) (.+) level (\d+) ([\d.]+%): ([\d.-]+)", line)
    if found is None:
        raise ValueError(line)
    earner, sale, bonus, level, rate, amount = found.groups()
    smallest_units = Fraction(amount) * 10**plan.decimals
    return earner, sale, bonus, int(level), per_cent(rate), smallest_units


def payment(line: Line) -> Payment:
    return line.earner, line.sale, line.bonus, line.level, line.rate, Fraction(line.amount)
