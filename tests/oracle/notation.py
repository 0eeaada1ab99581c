"""Reads `[[example]]` tables: who is there, what was bought, what must come out."""

import re
import tomllib
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from fractions import Fraction
from typing import Any

from tests.oracle.days import first_period, period_of
from tests.oracle.money import per_cent
from tests.oracle.people import STATUSES, Member, Place
from tests.oracle.plan import Plan, TreeRules
from tests.oracle.reading import read_plan
from tests.oracle.run import Question
from tests.oracle.sales import Sale
from tests.oracle.state import Row, row_of

STATE = re.compile(
    r"(\S+) "
    r"((?:lifetime|past|reserve)\.\w+(?:@\S+)?|rank\.\w+(?:@\S+)?"
    r"|.+?\.(?:left|right)@\S+|.+?\.(?:cycles|level|rank)) (.+)"
)
PAYS = re.compile(
    r"(\S+?)(?: <- (\S+))?(?: (?!level \d)(?![\d.]+%:)(.+?))?(?: level (\d+))?(?: ([\d.]+%))?"
    r": (-?[\d.]+)"
)
LEGS = {"left": 1, "right": 2}


@dataclass(frozen=True)
class Pays:
    """A line of `pays`; what is None is not said. The amount is in units of the currency."""

    earner: str
    evidence: str | None
    bonus: str | None
    level: int | None
    rate: Fraction | None
    amount: Fraction


@dataclass(frozen=True)
class Example:
    """One example with what must come of it; standings are the phrases of each line."""

    name: str
    question: Question
    standings: list[tuple[str, list[str]]] = field(default_factory=list)
    pays: list[Pays] = field(default_factory=list)
    carries: list[Row] = field(default_factory=list)


def examples_of(plan_text: str) -> list[Example]:
    """Return the examples of a plan."""
    plan = read_plan(plan_text)
    tables = tomllib.loads(plan_text).get("example", [])
    return [read_example(plan, table) for table in tables]


def read_example(plan: Plan, table: dict[str, Any]) -> Example:
    cadence = table.get("cadence", plan.cadence)
    period = first_period(cadence)
    if "period" in table:
        period = period_of(table["period"], cadence)
    network = read_network(plan, lines_of(table["network"]))
    moment = datetime.combine(period.start, time())
    sales: list[Sale] = []
    for line in lines_of(table.get("sales", "")):
        sales.append(read_sale(line, moment, network, sales))
    return Example(
        name=table["name"],
        question=Question(
            plan=plan,
            network=network,
            sales=sales,
            period=period,
            state=read_state(table.get("state", "")),
        ),
        standings=[read_standing(line) for line in lines_of(table.get("standings", ""))],
        pays=[read_pays(line) for line in lines_of(table["pays"])],
        carries=read_state(table.get("carries", "")),
    )


def lines_of(text: str) -> list[str]:
    """Return the lines that count, with their indent."""
    return [
        line.rstrip()
        for line in text.splitlines()
        if line.strip() and not line.strip().startswith("#")
    ]


def read_state(text: str) -> list[Row]:
    """
    >>> read_state("bob Team match.left@2025-12-01 40")
    [('bob', 'Team match.left@2025-12-01', Fraction(40, 1))]
    """
    rows = []
    for line in lines_of(text):
        found = STATE.fullmatch(line.strip())
        if not found:
            raise KeyError(line)
        rows.append(row_of(*found.groups()))
    return rows


def read_network(plan: Plan, lines: list[str]) -> dict[str, Member]:
    """Return the members: who is indented further is sponsored by the line above."""
    network: dict[str, Member] = {}
    open_lines: list[tuple[int, str]] = []
    for line in lines:
        indent = len(line) - len(line.lstrip())
        id, _, said = line.strip().partition(" ")
        while open_lines and open_lines[-1][0] >= indent:
            open_lines.pop()
        member = Member(id, open_lines[-1][1] if open_lines else None)
        for word in filter(None, said.split(", ")):
            member = said_of(plan, member, word.strip())
        network[id] = member
        open_lines.append((indent, id))
    return network


def said_of(plan: Plan, member: Member, said: str) -> Member:
    """Return the member with one more thing that is said: a state, a rank, a place, ..."""
    what, _, value = said.partition(" ")
    if what in STATUSES:
        return replace(member, policies=STATUSES[what])
    if what == "customer":
        return replace(member, is_customer=True)
    if what == "joined":
        return replace(member, joined=datetime.fromisoformat(value))
    if what in plan.trees and what != "enroller":
        place = read_place(plan.trees[what], value)
        return replace(member, places={**member.places, what: place})
    column = {"rank": "rank_by_hand"}.get(what, what)
    if column not in ("rank_by_hand", "enroller", "market", "holder"):
        raise KeyError(said)
    text: dict[str, Any] = {column: value}
    return replace(member, **text)


def read_place(rules: TreeRules, said: str) -> Place:
    """Return a place such as `top`, `alice left`, `alice 2`, or (in a free tree) `alice`."""
    if said == "top":
        return Place(None)
    parent, _, leg = said.partition(" ")
    if not rules.has_places:
        return Place(parent)
    return Place(parent, LEGS.get(leg) or int(leg))


def read_sale(line: str, moment: datetime, network: dict[str, Member], before: list[Sale]) -> Sale:
    """Return a sale or a return, and add a customer who is met here for the first time."""
    id, _, rest = line.strip().partition(": ")
    first, *more = [part.strip() for part in rest.split(",")]
    words = first.split()
    if words[0] == "returns":
        sold = next(sale for sale in before if sale.id == words[1])
        at = max(moment, sold.at)
        sale, figures = replace(sold, id=id, at=at, figures={}, returns=sold.id), words[2:]
    elif words[0] == "customer":
        _, buyer, _, seller, *figures = words
        network.setdefault(buyer, Member(buyer, seller, is_customer=True))
        sale = Sale(id, buyer, moment, {}, is_customer_order=True)
    else:
        buyer, *figures = words
        is_customer = network[buyer].is_customer
        sale = Sale(id, buyer, moment, {}, is_customer_order=is_customer)
    columns = dict(zip(("pv", "cv"), map(Fraction, figures), strict=False))
    return with_more(replace(sale, figures={"pv": Fraction(0), "cv": Fraction(0)} | columns), more)


def with_more(sale: Sale, more: list[str]) -> Sale:
    """Return the sale with its time, its order, and further columns."""
    for said in more:
        what, _, value = said.partition(" ")
        if what == "at":
            sale = replace(sale, at=datetime.fromisoformat(value))
        elif what == "order":
            sale = replace(sale, order=value)
        elif what not in ("stock", "personal_use", "customer_order"):
            sale = replace(sale, figures={**sale.figures, what: Fraction(value)})
    return sale


def read_standing(line: str) -> tuple[str, list[str]]:
    """
    >>> read_standing("bob PV 3, GV >= 9, at most 60% of it from one leg = 7, inactive")
    ('bob', ['PV 3', 'GV >= 9, at most 60% of it from one leg = 7', 'inactive'])
    """
    id, _, said = line.strip().partition(" ")
    return id, re.split(r", (?!at most)", said)


def read_pays(line: str) -> Pays:
    """
    >>> read_pays("bob <- s2 Team match level 1 10%: 5.00").bonus
    'Team match'
    >>> read_pays("bob: 5")
    Pays(earner='bob', evidence=None, bonus=None, level=None, rate=None, amount=Fraction(5, 1))
    """
    found = PAYS.fullmatch(line.strip())
    if not found:
        raise KeyError(line)
    earner, evidence, bonus, level, rate, amount = found.groups()
    return Pays(
        earner=earner,
        evidence=evidence,
        bonus=bonus,
        level=int(level) if level else None,
        rate=per_cent(rate) if rate else None,
        amount=Fraction(amount),
    )
