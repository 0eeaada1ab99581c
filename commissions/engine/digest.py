"""Digests of columns: the same facts give the same digest, whatever order they came in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from commissions.engine.network import Network, order_network
from commissions.engine.run import RunResult
from commissions.engine.snapshot import Snapshot


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
        digest.update(little.tobytes())
    return digest.hexdigest()


def snapshot_digest(snapshot: Snapshot, network: Network | None = None) -> str:
    """Return the digest of a snapshot's facts: members in network order, sales by number."""
    network = network or order_network(snapshot.member, snapshot.sponsor)
    by_number = np.argsort(snapshot.sale, kind="stable")
    return digest_columns(
        {
            "member": network.member,
            "sponsor": network.sponsor,
            "flags": snapshot.flags[network.order],
            "rank_override": snapshot.rank_override[network.order],
            "sale": snapshot.sale[by_number],
            "seller": network.row[snapshot.seller[by_number]],
            "own": snapshot.own[by_number],
            "customer": snapshot.customer[by_number],
            "pv": snapshot.pv[by_number],
            "cv": snapshot.cv[by_number],
        }
    )


def result_digest(result: RunResult) -> str:
    """Return the digest of standings and earnings."""
    standings, earnings = result.standings, result.earnings
    return digest_columns(
        {
            "standings.member": result.member,
            **{f"standings.volume.{name}": standings.volume(name) for name in standings.names},
            "standings.counts": standings.counts,
            "standings.active": standings.active,
            "standings.rank": standings.rank,
            "standings.paid_as": standings.paid_as,
            "earnings.member": result.member[earnings.earner],
            "earnings.bonus": earnings.bonus,
            "earnings.level": earnings.level,
            "earnings.rate_ppm": earnings.rate_ppm,
            "earnings.base": earnings.base,
            "earnings.amount": earnings.amount,
            "earnings.lines": earnings.lines,
        }
    )
