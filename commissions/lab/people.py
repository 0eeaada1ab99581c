"""members.csv: who is in the network, in which state, under whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from commissions.engine import Flag, Plan
from commissions.lab.mistakes import Notes
from commissions.lab.tables import Row, read_rows

NEEDED = ("id", "sponsor", "role", "joined_at")
OPTIONAL = ("enroller", "status", "market", "rank")
ROLES = ("distributor", "customer")

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


@dataclass(frozen=True, slots=True)
class Person:
    """One row of members.csv."""

    id: str
    sponsor: str
    is_distributor: bool
    flags: Flag
    rank: int
    row: Row


@dataclass(frozen=True, slots=True)
class People:
    """Everybody in the network, in the order of the file, and the distributors' engine rows."""

    by_id: dict[str, Person]
    row: dict[str, int]
    above: dict[str, str]
    """The nearest distributor above each member; empty if there is none."""

    def distributors(self) -> list[Person]:
        """Return the distributors, in the order of their engine rows."""
        return [self.by_id[id_] for id_ in self.row]


def read_people(path: Path, plan: Plan, notes: Notes, *, as_of: datetime, zone: ZoneInfo) -> People:
    """Return the network as of a moment."""
    everybody: dict[str, Person] = {}
    later: set[str] = set()
    for row in read_rows(path, notes, NEEDED, OPTIONAL):
        person = _person(row, plan)
        joined = row.moment("joined_at", zone)
        if not person.id:
            continue  # it is named already, and nobody can be linked to it
        if person.id in everybody or person.id in later:
            row.refuse("id", f'"{person.id}" stands in an earlier row already')
        elif joined is not None and joined >= as_of:
            later.add(person.id)
        else:
            everybody[person.id] = person
    _check_links(everybody, later)
    above = _nearest_distributors(everybody)
    distributors = [id_ for id_, person in everybody.items() if person.is_distributor]
    return People(everybody, {id_: row for row, id_ in enumerate(distributors)}, above)


def _person(row: Row, plan: Plan) -> Person:
    status = row.word("status", STATUSES, "active")
    ranks = [rank.name for rank in plan.ranks]
    rank = row.word("rank", ["", *ranks], "")
    if row.text("market"):
        row.refuse("market", "markets are not supported yet; leave it empty")
    return Person(
        id=row.needed("id"),
        sponsor=row.text("sponsor"),
        is_distributor=row.word("role", ROLES, ROLES[0]) == "distributor",
        flags=STATUSES[status],
        rank=ranks.index(rank) + 1 if rank else -1,
        row=row,
    )


def _check_links(everybody: dict[str, Person], later: set[str]) -> None:
    for person in everybody.values():
        for column, other in (
            ("sponsor", person.sponsor),
            ("enroller", person.row.text("enroller")),
        ):
            if other in later:
                person.row.refuse(column, f'"{other}" joined later and is not in the network')
            elif other and other not in everybody:
                person.row.refuse(column, f'there is no member "{other}"')
            elif other == person.id:
                person.row.refuse(column, "nobody is their own sponsor or enroller")


def _nearest_distributors(everybody: dict[str, Person]) -> dict[str, str]:
    """Return the nearest distributor above each member; a circle is noted and cut."""
    above: dict[str, str] = {}
    for start in everybody:
        path: list[str] = []
        on_path: set[str] = set()
        at = start
        while at in everybody and at not in above and at not in on_path:
            path.append(at)
            on_path.add(at)
            at = everybody[at].sponsor
        if at in on_path and everybody[at].sponsor != at:
            circle = path[path.index(at) :]
            everybody[at].row.refuse(
                "sponsor", f"sponsors go round in a circle: {' -> '.join([*circle, at][:12])}"
            )
        for id_ in reversed(path):
            sponsor = everybody.get(everybody[id_].sponsor)
            if sponsor is None:
                above[id_] = ""
            else:
                above[id_] = sponsor.id if sponsor.is_distributor else above.get(sponsor.id, "")
    return above
