"""State between periods as rows: what one run left becomes the engine's columns, and back.

A row is member, key, label and value. A key is a place in `keys`. Ranks are carried by name, so
that another plan finds those that it has: a rank key's value is a place in `ranks`, from 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from commissions.dates import Dates, day_number, day_of
from commissions.engine.plan import Plan
from commissions.engine.snapshot import Carried
from commissions.models import NO_LABEL, RANK_KEYS
from commissions.ordering import in_order
from mlm.copying import Rows

STATE: Final = np.dtype([("member_id", "i8"), ("key", "i2"), ("label", "i4"), ("value", "i8")])
STATE_KEY: Final = ("member_id", "key", "label", "value")

_UNDATED: Final = day_number(NO_LABEL)
_OF_THE_PLAN: Final = ("rank.", "lifetime.", "past.", "reserve.")

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class StateRows:
    """State as it is stored."""

    keys: tuple[str, ...] = ()
    ranks: tuple[str, ...] = ()
    rows: Rows = field(default_factory=lambda: np.empty(0, dtype=STATE))

    def is_of(self, keys: Iterable[str]) -> npt.NDArray[np.bool_]:
        """Tell which rows are of these keys."""
        wanted = set(keys)
        of_key = np.array([key in wanted for key in self.keys], np.bool_)
        return of_key[self.rows["key"]] if len(self.rows) else np.zeros(0, np.bool_)

    def only(self, kept: npt.NDArray[np.bool_]) -> StateRows:
        """Return some of the rows."""
        return StateRows(self.keys, self.ranks, self.rows[kept])

    def ranks_in(self, names: Sequence[str]) -> StateRows:
        """Return the rows with ranks as places in other names; without those of other ranks."""
        number = {name: place for place, name in enumerate(names, start=1)}
        moved = np.array([0, *(number.get(name, 0) for name in self.ranks)], np.int64)
        rows, of_ranks = self.rows.copy(), self.is_of(RANK_KEYS)
        rows["value"][of_ranks] = moved[rows["value"][of_ranks]]
        known = ~of_ranks | (rows["value"] > 0)
        return StateRows(self.keys, tuple(names), rows[known])


def together(parts: Sequence[StateRows], ranks: Sequence[str]) -> StateRows:
    """Return several states as one, in the order of member, key, label and value.

    Keys are in alphabetical order; `ranks` come first among the names of ranks.
    """
    keys, names = layout_of(parts, ranks)
    found = [np.empty(0, dtype=STATE)]
    for part in parts:
        rows = part.ranks_in(names).rows
        place = np.array([keys.index(key) for key in part.keys], np.int16)
        rows["key"] = place[rows["key"]] if len(rows) else 0
        found.append(rows)
    rows = np.concatenate(found)
    return StateRows(keys, names, rows[in_order(rows, STATE_KEY)])


def layout_of(
    parts: Sequence[StateRows], ranks: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the keys and ranks that the rows of several states name when they are together."""
    keys = sorted({key for part in parts for key in part.keys})
    names = dict.fromkeys([*ranks, *(name for part in parts for name in part.ranks)])
    return tuple(keys), tuple(names)


@dataclass(frozen=True, slots=True, eq=False)
class CarriedIn:
    """What a run begins with: the engine's columns, and rows that it only passes on."""

    carried: Carried
    passed_on: StateRows


def carried_in(state: StateRows, plan: Plan, members: Ints, dates: Dates) -> CarriedIn:
    """Return state as the engine takes it; `members` are its rows, in the order of their ids.

    What a plan does not use is left out, but for ranks and volumes. A run passes on what it would
    have written itself: rows of who is not in the network, and ranks where the plan has none.
    """
    is_ours = state.is_of(key for key in state.keys if is_used(key, plan, dates.cadence))
    state = state.only(is_ours)
    if plan.ranks:
        state = state.ranks_in([rank.name for rank in plan.ranks])
    rows = state.rows
    place = np.searchsorted(members, rows["member_id"])
    at = np.minimum(place, max(len(members) - 1, 0))
    there = members[at] == rows["member_id"] if len(members) else np.zeros(len(rows), np.bool_)
    if not plan.ranks:
        there &= ~state.is_of(key for key in state.keys if key.startswith("rank."))
    left = state.only(~there)
    if dates.cadence:
        left = left.only(~left.is_of(key for key in left.keys if is_of_the_plan(key)))
    return CarriedIn(_columns(state.only(there), at[there], dates), left)


def is_of_the_plan(key: str) -> bool:
    """Tell whether a key is of ranks or volumes, and not of a bonus."""
    return key.startswith(_OF_THE_PLAN)


def is_used(key: str, plan: Plan, cadence: str) -> bool:
    """Tell whether a run in this rhythm has a use for a key, or passes it on."""
    name, _, _ = key.rpartition(".")
    return is_of_the_plan(key) or any(
        rule.name == name and rule.cadence == cadence for rule in plan.bonuses
    )


def _columns(state: StateRows, at: npt.NDArray[np.intp], dates: Dates) -> Carried:
    """Return the engine's columns, in the order of key, row and age."""
    rows = state.rows
    age = np.full(len(rows), -1, np.int32)
    for key, name in enumerate(state.keys):
        dated = (rows["key"] == key) & (rows["label"] != _UNDATED)
        if dated.any():
            starts = dates.counted(in_own=is_of_the_plan(name))
            labels, which = np.unique(rows["label"][dated], return_inverse=True)
            ages = [starts.age(day_of(int(label))) for label in labels]
            age[dated] = np.array(ages, np.int32)[which]
    row = at.astype(np.int32)
    order = np.lexsort((rows["value"], age, row, rows["key"]))
    return Carried(
        names=state.keys,
        key=rows["key"][order].astype(np.int32),
        row=row[order],
        age=age[order],
        value=np.ascontiguousarray(rows["value"][order]),
    )


def carried_out(
    carried: Carried, passed_on: StateRows, plan: Plan, members: Ints, dates: Dates
) -> StateRows:
    """Return what a run leaves, with what it passes on; `members` are the snapshot's rows."""
    rows = np.empty(len(carried.row), dtype=STATE)
    rows["member_id"] = members[carried.row]
    rows["key"] = carried.key
    rows["value"] = carried.value
    rows["label"] = _UNDATED
    for key, name in enumerate(carried.names):
        dated = (carried.key == key) & (carried.age >= 0)
        if dated.any():
            starts = dates.counted(in_own=is_of_the_plan(name))
            ages, which = np.unique(carried.age[dated], return_inverse=True)
            labels = [day_number(starts.day(int(age))) for age in ages]
            rows["label"][dated] = np.array(labels, np.int32)[which]
    ranks = tuple(rank.name for rank in plan.ranks)
    return together([StateRows(carried.names, ranks, rows), passed_on], ranks)
