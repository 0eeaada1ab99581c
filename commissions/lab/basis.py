"""basis.npz: all that a later run needs of this one to take back part of it, or to match it.

It holds the plan's text and the engine's whole input, so that the run can be worked out again to
the last line, and what the run took back itself. Two runs of the same input write the same bytes.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np

from commissions.engine import Snapshot
from commissions.engine.snapshot import Carried, Placement, PostedPay

NAME = "basis.npz"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Returned:
    """What a return took in: the sale, the run that paid it (its first day), figures below zero."""

    id: str
    sale: str
    of: str
    figures: dict[str, int]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An amount by which a return takes back, mostly below zero.

    `of` is the first day of the run whose lines it takes back, `last_day` its last.
    """

    id: str
    of: str
    last_day: str
    member: str
    name: str
    amount: int


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """A run, as far as later ones need it. `members` and `sales` name the numbers of the snapshot.

    `taken_back` is what this run took back; `matched_back` what runs of shorter rhythms took back
    of what earlier runs of this rhythm had matched.
    """

    plan: str
    start: str
    last_day: str
    result: str
    members: list[str]
    sales: list[str]
    snapshot: Snapshot
    returned: list[Returned] = field(default_factory=list)
    taken_back: list[TakenBack] = field(default_factory=list)
    matched_back: list[TakenBack] = field(default_factory=list)


def write_basis(basis: Basis, folder: Path) -> None:
    """Write the file."""
    told = {
        "version": VERSION,
        **{name: getattr(basis, name) for name in ("plan", "start", "last_day", "result")},
        "members": basis.members,
        "sales": basis.sales,
        **{
            name: [asdict(row) for row in getattr(basis, name)]
            for name in ("returned", "taken_back", "matched_back")
        },
        "snapshot": {name: getattr(basis.snapshot, name) for name in _PLAIN},
        "carried": basis.snapshot.carried.names,
    }
    text = json.dumps(told, ensure_ascii=False).encode()
    columns = _columns(basis.snapshot)
    with (folder / NAME).open("wb") as file:
        np.savez(file, told=np.frombuffer(text, np.uint8), **columns)


def read_basis(folder: Path) -> Basis:
    """Return what a run wrote; `ValueError` if it cannot be read as that."""
    try:
        with np.load(folder / NAME, allow_pickle=False) as file:
            columns = {name: file[name] for name in file.files}
        told = json.loads(columns.pop("told").tobytes())
        if told["version"] != VERSION:
            raise ValueError("is of another version")
        return Basis(
            **{name: told[name] for name in ("plan", "start", "last_day", "result")},
            members=told["members"],
            sales=told["sales"],
            snapshot=_snapshot(columns, told),
            returned=[Returned(**row) for row in told["returned"]],
            taken_back=[TakenBack(**row) for row in told["taken_back"]],
            matched_back=[TakenBack(**row) for row in told["matched_back"]],
        )
    except (OSError, KeyError, TypeError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError("cannot be read as what a run of the lab wrote") from error


_PLAIN = ("last_day", "last_month", "cadence")


def _columns(snapshot: Snapshot) -> dict[str, Any]:
    """Return every array of a snapshot, those inside of others with a dotted name."""
    found = {}
    for each in fields(Snapshot):
        value = getattr(snapshot, each.name)
        if isinstance(value, np.ndarray):
            found[each.name] = value
        elif isinstance(value, Carried | PostedPay):
            found |= {f"{each.name}.{name}": getattr(value, name) for name in _arrays(value)}
    found |= {f"columns.{name}": values for name, values in snapshot.columns.items()}
    for name, placement in snapshot.placements.items():
        found |= {f"parent.{name}": placement.parent, f"leg.{name}": placement.leg}
    return found


def _arrays(part: Carried | PostedPay) -> Sequence[str]:
    return [each.name for each in fields(part) if each.name != "names"]


def _snapshot(columns: dict[str, Any], told: dict[str, Any]) -> Snapshot:
    inner: dict[str, dict[str, Any]] = {}
    plain = {}
    for name, values in columns.items():
        outer, dot, rest = name.partition(".")
        if dot:
            inner.setdefault(outer, {})[rest] = values
        else:
            plain[name] = values
    placements = {
        name: Placement(parent, inner["leg"][name])
        for name, parent in inner.get("parent", {}).items()
    }
    return Snapshot(
        **plain,
        columns=inner.get("columns", {}),
        placements=placements,
        carried=Carried(tuple(told["carried"]), **inner["carried"]),
        posted=PostedPay(**inner["posted"]),
        **{name: told["snapshot"][name] for name in _PLAIN},
    )
