"""Digests of columns: the same facts give the same digest, whatever order they came in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commissions.engine.network import Network, order_network
from commissions.engine.run import RunResult
from commissions.engine.snapshot import SALE_COLUMNS, Carried, Snapshot

OF_MEMBERS = (
    "joined", "joined_day", "joined_month", "market", "flags", "rank_override",
)  # fmt: skip
RANKS = ("active", "qualified", "paid_as", "title", "highest", "grace", "held")
OF_EARNINGS = ("bonus", "level", "rate_ppm", "base", "amount", "lines")

Columns = dict[str, NDArray[Any]]


def digest_columns(columns: Mapping[str, NDArray[np.generic]]) -> str:
    """Return the SHA-256 of columns, each with name, type and length, little-endian, by name.

    >>> one = digest_columns({"a": np.array([1, 2]), "b": np.array([True])})
    >>> one == digest_columns({"b": np.array([True]), "a": np.array([1, 2], ">i8")})
    True
    """
    digest = hashlib.sha256()
    for name in sorted(columns):
        column = np.ascontiguousarray(columns[name])
        little = column.astype(column.dtype.newbyteorder("<"), copy=False)
        kind = f"{little.dtype.kind}{little.dtype.itemsize}"
        digest.update(f"{name}\0{kind}\0{little.shape}\0".encode())
        digest.update(little.reshape(-1).data)
    return digest.hexdigest()


def snapshot_digest(snapshot: Snapshot, network: Network | None = None) -> str:
    """Return the digest of a snapshot's facts.

    Members are in network order, sales by number, state by key, member and age.
    """
    network = network or order_network(snapshot.member, snapshot.sponsor)
    columns = _members(snapshot, network) | _sales(snapshot, network)
    columns |= _carried(snapshot.carried, network)
    posted = snapshot.posted
    row = network.row[posted.row]
    by_member = np.lexsort((posted.amount, row, posted.bonus))
    for name, column in (("bonus", posted.bonus), ("row", row), ("amount", posted.amount)):
        columns[f"posted.{name}"] = column[by_member]
    columns["run.days"] = np.array([snapshot.last_day, snapshot.last_month], np.int64)
    columns["run.cadence"] = _text(snapshot.cadence)
    return digest_columns(columns)


def _members(snapshot: Snapshot, network: Network) -> Columns:
    order = network.order
    columns: Columns = {"member": network.member, "sponsor": network.sponsor}
    columns |= {name: getattr(snapshot, name)[order] for name in OF_MEMBERS}
    _, first, place = np.unique(snapshot.holder[order], return_index=True, return_inverse=True)
    columns["held_like"] = first[place]  # numbers of holders mean nothing by themselves
    columns["enroller"] = _rows(network, snapshot.enroller[order])
    for name, placement in snapshot.placements.items():
        columns[f"placement.{name}.parent"] = _rows(network, placement.parent[order])
        columns[f"placement.{name}.leg"] = placement.leg[order]
    return columns


def _rows(network: Network, above: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return rows of the snapshot as network rows; what is below zero stays as it is."""
    return np.where(above < 0, above, np.append(network.row, np.int32(-1))[above])


def _sales(snapshot: Snapshot, network: Network) -> Columns:
    by_number = np.argsort(snapshot.sale, kind="stable")
    columns = {name: getattr(snapshot, name)[by_number] for name in SALE_COLUMNS}
    columns["seller"] = network.row[columns["seller"]]
    for name, values in snapshot.columns.items():
        columns[f"column.{name}"] = values[by_number]
    return columns


def _carried(carried: Carried, network: Network) -> Columns:
    """Return the state's columns in the order of the names of keys, members and ages."""
    ordered = sorted(carried.names)
    place = np.array([ordered.index(name) for name in carried.names], np.int64)
    key, row = place[carried.key], network.row[carried.row]
    order = np.lexsort((carried.value, carried.age, row, key))
    return {
        "carried.names": _text("\0".join(ordered)),
        "carried.key": key[order],
        "carried.row": row[order],
        "carried.age": carried.age[order],
        "carried.value": carried.value[order],
    }


def _text(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


def result_digest(result: RunResult) -> str:
    """Return the digest of standings, earnings and the state that is left."""
    standings, earnings = result.standings, result.earnings
    columns: Columns = {"standings.member": result.member}
    columns |= {f"standings.{name}": getattr(standings, name) for name in RANKS}
    for index, figure in enumerate(result.ground.plan.figures):
        columns[f"standings.figure.{index}.{figure.name}"] = standings.figures[index]
    columns["earnings.member"] = result.member[earnings.earner]
    columns |= {f"earnings.{name}": getattr(earnings, name) for name in OF_EARNINGS}
    left = _carried(result.carried, result.network)
    return digest_columns(columns | {f"left.{name}": column for name, column in left.items()})
