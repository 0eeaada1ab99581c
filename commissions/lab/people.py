"""members.csv: who is in the network, in which state, under whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine import Flag, Plan
from commissions.engine.plan import TreeKind, TreeRule
from commissions.engine.snapshot import Placement
from commissions.lab.cells import Moments, microseconds, moments, needed, words
from commissions.lab.filling import fill_breadth_first
from commissions.lab.links import Links, links_in, nearest_above
from commissions.lab.places import read_places
from commissions.lab.rhythms import Clock
from commissions.lab.tables import Table

NEEDED = ("id", "sponsor", "role", "joined_at")
OPTIONAL = ("enroller", "status", "market", "rank", "holder")
ROLES = ("distributor", "customer")
PLACED = (TreeKind.BINARY, TreeKind.MATRIX, TreeKind.FREE)

GONE = Flag.COUNTS_AS_LEG | Flag.KEEPS_VOLUME
STATUSES: dict[str, Flag] = {
    "active": Flag.ALL,
    "reinstated": Flag.ALL,
    "suspended": Flag.ALL,
    "deceased": Flag.ALL,
    "lapsed": GONE,
    "applicant": Flag.KEEPS_CUSTOMERS,
    "terminated": Flag(0),
}
"""What each state allows, as for a new company in the database."""

Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Everybody in the network. Columns are by number, which is the place in the file.

    `row` is the engine's row, -1 for customers; rows are in the order of the numbers. `above` and
    `enroller` are rows of the nearest distributor above in the two trees, -1 where there is none.
    """

    ids: list[str]
    number: dict[str, int]
    row: Numbers
    above: Numbers
    enroller: Numbers
    joined: Moments
    flags: NDArray[np.uint8]
    market: NDArray[np.int16]
    holder: NDArray[np.int64]
    rank: NDArray[np.int16]
    placements: dict[str, Placement]

    @property
    def distributors(self) -> NDArray[np.int64]:
        """Return the number of each engine row."""
        return np.flatnonzero(self.row >= 0)

    def row_of(self, id_: str) -> int:
        """Return the engine row of a distributor; -1 for a customer and for who is not there."""
        return int(self.row[self.number[id_]]) if id_ in self.number else -1


def placed_trees(plan: Plan) -> list[TreeRule]:
    """Return the trees in which members have places of their own."""
    return [rule for rule in plan.trees if rule.kind in PLACED]


def columns_of(plan: Plan) -> tuple[list[str], list[str]]:
    """Return the columns that members.csv must have for a plan, and those that it may have."""
    must, may = list(NEEDED), list(OPTIONAL)
    for rule in placed_trees(plan):
        columns = [f"{rule.name}.parent"]
        columns += [f"{rule.name}.leg"] if rule.kind != TreeKind.FREE else []
        (may if rule.finds_places else must).extend(columns)
    return must, may


def people_in(table: Table, plan: Plan, clock: Clock) -> People:
    """Return the network as of a moment; mistakes are noted in the table."""
    ids = needed(table, "id")
    roles = words(table, "role", ROLES, ROLES[0])
    joined = moments(table, "joined_at", clock.zone)
    statuses = words(table, "status", STATUSES, "active")
    names = [rank.name for rank in plan.ranks]
    ranks = words(table, "rank", ["", *names])
    links = links_in(table, ids, joined.at >= microseconds(clock.as_of), roles)
    row = np.where(links.keeps, np.cumsum(links.keeps) - 1, -1).astype(np.int32)
    above, enroller = _trees(links)
    by_rank = {"": -1} | {name: number for number, name in enumerate(names, start=1)}
    markets = {text: plan.market_index(text) for text in set(table.texts("market"))}
    people = People(
        ids=links.ids,
        number=links.number,
        row=row,
        above=_rows(row, above),
        enroller=_rows(row, enroller),
        joined=joined.of(links.kept),
        flags=np.array([int(STATUSES[statuses[at]]) for at in links.kept], np.uint8),
        market=np.array([markets[text] for text in links.cells("market")], np.int16),
        holder=_holders(links.cells("holder")),
        rank=np.array([by_rank[ranks[at]] for at in links.kept], np.int16),
        placements={},
    )
    for rule in placed_trees(plan):
        people.placements[rule.name] = _placement(links, rule, people)
    return people


def _trees(links: Links) -> tuple[list[int], list[int]]:
    """Return the nearest distributors above, along sponsors and along enrollers."""
    sponsor = links.read("sponsor")
    enroller = links.read("enroller", instead=sponsor)
    above = nearest_above(links, "sponsor", sponsor)
    return above, above if enroller == sponsor else nearest_above(links, "enroller", enroller)


def _rows(row: Numbers, numbers: list[int]) -> Numbers:
    """Return the engine rows of distributors given by number, -1 for nobody."""
    found: Numbers = np.append(row, np.int32(-1))[np.array(numbers, np.int64)]
    return found


def _holders(cells: list[str]) -> NDArray[np.int64]:
    """Return a number for each holder; who names none is held alone."""
    known: dict[str, int] = {}
    return np.array(
        [
            known.setdefault(text, len(known)) if text else -1 - number
            for number, text in enumerate(cells)
        ],
        np.int64,
    )


def _placement(links: Links, rule: TreeRule, people: People) -> Placement:
    """Return a tree's places, with those that nobody gave if the tree finds them."""
    before = len(links.table.notes.found)
    placement = read_places(links, rule, people.row)
    if not rule.finds_places or len(links.table.notes.found) > before:
        return placement
    rows = people.distributors
    return fill_breadth_first(placement, rule, people.enroller[rows], people.joined.at[rows])
