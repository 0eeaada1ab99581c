"""state.csv: what one period leaves to the next, in and out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from commissions.engine import Plan
from commissions.engine.plan import BinaryRule, FullLevelRule, RewardRule
from commissions.engine.snapshot import NOTHING_CARRIED, Carried
from commissions.lab.cells import needed
from commissions.lab.figures import points, scaled
from commissions.lab.people import People
from commissions.lab.rhythms import Clock, age_of, shifted
from commissions.lab.tables import Table
from commissions.plan.mistakes import closest

COLUMNS = ("member", "key", "value")
VOLUMES = {"lifetime": False, "past": True, "reserve": False}
"""Whether a key of volumes has a label."""
VOLUME_NAME = re.compile(r"[A-Z][A-Za-z0-9_]*")
RANK_NAMES = ("rank.paid_as", "rank.title", "rank.highest", "rank.qualified")
RANK_NUMBERS = ("rank.grace", "rank.held")
LABEL = re.compile(r"(19|[2-9]\d)\d\d-\d\d-\d\d")
UNDATED = -1

Row = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Key:
    """A key without its label: what it holds, and in which rhythm its periods are counted."""

    unit: str
    is_dated: bool = False
    cadence: str = ""
    """Of the bonus it belongs to; empty for the plan's own rhythm, volumes and ranks."""
    many: bool = False
    """There may be several rows of it for one member."""
    of_bonus: bool = False


@dataclass(slots=True)
class State:
    """State as it came in: what the engine gets, and rows that are only passed on."""

    carried: Carried = NOTHING_CARRIED
    passed_on: list[Row] = field(default_factory=list)


def keys_of(plan: Plan) -> dict[str, Key]:
    """Return what a plan's ranks and bonuses leave, by key without a label."""
    keys = {name: Key("rank", is_dated=name == "rank.qualified") for name in RANK_NAMES}
    keys |= {name: Key("number") for name in RANK_NUMBERS}
    for rule in plan.bonuses:
        if isinstance(rule, BinaryRule):
            for side in ("left", "right"):
                key = Key("points", is_dated=True, cadence=rule.cadence, of_bonus=True)
                keys[f"{rule.name}.{side}"] = key
            if rule.steps_for_good:
                keys[f"{rule.name}.cycles"] = Key("number", cadence=rule.cadence, of_bonus=True)
        elif isinstance(rule, FullLevelRule | RewardRule) and rule.once:
            word = "level" if isinstance(rule, FullLevelRule) else "rank"
            keys[f"{rule.name}.{word}"] = Key(
                "number", cadence=rule.cadence, many=True, of_bonus=True
            )
    return keys


def key_of(name: str, keys: Mapping[str, Key]) -> Key | None:
    """Return what a key without its label is, also of a volume that the plan may not know."""
    kind, dot, volume = name.partition(".")
    if dot and kind in VOLUMES and VOLUME_NAME.fullmatch(volume):
        return Key("points", is_dated=VOLUMES[kind])
    return keys.get(name)


@dataclass(frozen=True, slots=True)
class Kept:
    """A key as a row has it: what it is, and how many periods ago it is from."""

    name: str
    key: Key
    age: int


class _Reader:
    """Reads rows one by one; those of the run's own rhythm go to the engine or are passed on."""

    def __init__(self, plan: Plan, people: People, clock: Clock) -> None:
        self.keys = keys_of(plan)
        self.ranks = {rank.name: number for number, rank in enumerate(plan.ranks, start=1)}
        self.people = people
        self.clock = clock
        self.seen: set[Row] = set()
        self.known: dict[str, Kept | str] = {}
        self.passed_on: list[Row] = []
        self.read: list[tuple[str, int, int, int]] = []
        """Key, engine row, age and value."""

    def row(self, table: Table, at: int, row: Row) -> None:
        """Read a row, or note what is wrong with it."""
        member, text, value = row
        if text not in self.known:
            try:
                self.known[text] = self._kept(text)
            except ValueError as error:
                self.known[text] = str(error)
        kept = self.known[text]
        if isinstance(kept, str):
            table.refuse(at, "key", kept)
            return
        same = (member, text, value if kept.key.many else "")
        if same in self.seen:
            table.refuse(at, "key", f'"{text}" of "{member}" stands in an earlier row already')
        self.seen.add(same)
        try:
            self._keep(kept, row)
        except ValueError as error:
            table.refuse(at, "value", str(error))

    def _kept(self, text: str) -> Kept:
        name, sign, label = text.rpartition("@")
        if not sign or (key_of(text, self.keys) is not None):
            name, label = text, ""
        key = key_of(name, self.keys)
        if key is None:
            near = closest(name, self.keys)
            hint = f' Did you mean "{near}"?' if near else ""
            raise ValueError(f'the plan carries no "{name}" from period to period.{hint}')
        if key.is_dated:
            return Kept(name, key, self._age(key, name, label))
        if label:
            raise ValueError(f'"{name}" is of no certain period: leave "@{label}" out')
        return Kept(name, key, UNDATED)

    def _age(self, key: Key, name: str, label: str) -> int:
        try:
            day = date.fromisoformat(label if LABEL.fullmatch(label) else "")
        except ValueError as error:
            wanted = f'"{name}@2026-01-01"'
            raise ValueError(f'"{name}" needs the first day of its period: {wanted}') from error
        if key.of_bonus and key.cadence != self.clock.cadence:
            return UNDATED  # of another rhythm: nobody asks how old it is
        start, cadence = _counted_from(key, self.clock)
        age = age_of(day, start, cadence)
        if age == 0:
            raise ValueError(f"{label} is not before {start.isoformat()}, where the period begins")
        return age

    def _keep(self, kept: Kept, row: Row) -> None:
        """Give a row to the engine, or pass it on as it is."""
        key = kept.key
        is_known = bool(self.ranks) or not kept.name.startswith("rank.")
        value = self._value(key, row[2]) if is_known else 1
        is_own = key.cadence == self.clock.cadence
        engine_row = self.people.row_of(row[0]) if is_known else -1
        if not value:
            return
        if engine_row >= 0 and (is_own or not key.of_bonus):
            self.read.append((kept.name, engine_row, kept.age, value))
        elif engine_row < 0 and is_own:
            self.passed_on.append(row)

    def _value(self, key: Key, text: str) -> int:
        if key.unit == "points":
            return scaled(text, 2)
        if key.unit == "number":
            if not (text.isascii() and text.isdigit() and len(text) < 10):
                raise ValueError(f'"{text}" is no whole number')
            return int(text)
        if text not in self.ranks:
            near = closest(text, self.ranks)
            hint = f' Did you mean "{near}"?' if near else ""
            raise ValueError(f'the plan has no rank "{text}".{hint}')
        return self.ranks[text]


def _counted_from(key: Key, clock: Clock) -> tuple[date, str]:
    """Return the first day and the cadence from which the periods of a key are counted."""
    if key.cadence:
        return clock.period.first_day, key.cadence
    return clock.counted.first_day, clock.own_cadence


def state_in(tables: Sequence[Table], plan: Plan, people: People, clock: Clock) -> State:
    """Return what earlier periods left, of all files together; mistakes are noted in the tables."""
    reader = _Reader(plan, people, clock)
    for table in tables:
        members, keys, values = (needed(table, column) for column in COLUMNS)
        for at, (member, text, value) in enumerate(zip(members, keys, values, strict=True)):
            if member and text and value:
                reader.row(table, at, (member, text, value))
    return State(_carried(reader.read), reader.passed_on)


def _carried(rows: list[tuple[str, int, int, int]]) -> Carried:
    names = tuple(dict.fromkeys(name for name, _, _, _ in rows))
    place = {name: at for at, name in enumerate(names)}
    columns = np.array(
        sorted((place[name], row, age, value) for name, row, age, value in rows), np.int64
    ).reshape(-1, 4)
    key, row, age = (columns[:, at].astype(np.int32) for at in range(3))
    return Carried(names, key, row, age, np.ascontiguousarray(columns[:, 3]))


def state_out(
    carried: Carried, state: State, plan: Plan, people: People, clock: Clock
) -> list[Row]:
    """Return what the run leaves, in the order of the members, and what is only passed on."""
    keys = keys_of(plan)
    ids = [people.ids[number] for number in people.distributors.tolist()]
    order = np.lexsort((carried.age, carried.key, carried.row))
    texts = _Texts(plan, clock, keys)
    rows = [
        (ids[row], texts.key(carried.names[key], age), texts.value(carried.names[key], value))
        for key, row, age, value in _columns(carried, order)
    ]
    return [*rows, *state.passed_on]


def _columns(carried: Carried, order: NDArray[np.intp]) -> Iterator[tuple[int, int, int, int]]:
    columns = (carried.key, carried.row, carried.age, carried.value)
    return zip(*(column[order].tolist() for column in columns), strict=True)


class _Texts:
    """Writes keys and values, each once."""

    def __init__(self, plan: Plan, clock: Clock, keys: Mapping[str, Key]) -> None:
        self.plan = plan
        self.clock = clock
        self.keys = keys
        self.known: dict[tuple[str, int], str] = {}

    def key(self, name: str, age: int) -> str:
        """Return a key with its label."""
        if (name, age) not in self.known:
            key = key_of(name, self.keys)
            if age == UNDATED or key is None:
                text = name
            else:
                start, cadence = _counted_from(key, self.clock)
                text = f"{name}@{shifted(start, cadence, -age).isoformat()}"
            self.known[name, age] = text
        return self.known[name, age]

    def value(self, name: str, value: int) -> str:
        """Return a value as it is written."""
        key = key_of(name, self.keys)
        if key is None or key.unit == "number":
            return str(value)
        return self.plan.rank_name(value) if key.unit == "rank" else points(value)
