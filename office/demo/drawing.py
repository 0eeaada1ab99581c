"""Drawing people and their places at random, as columns: the same seed gives the same people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from mlm.copying import Rows
from office.demo.columns import MEMBERS, NEVER, STATUSES, VERSIONS, Flags, Ints, member_codes
from office.demo.names import ORIGINS
from office.demo.shapes import SHAPES

FIRST_NAMES: Final = [name for origin in ORIGINS for name in origin.given]
LAST_NAMES: Final = [name for origin in ORIGINS for name in origin.family]
_GIVEN_COUNTS: Final = np.array([len(origin.given) for origin in ORIGINS])
_FAMILY_COUNTS: Final = np.array([len(origin.family) for origin in ORIGINS])
_SHARES: Final = {
    "US": np.cumsum([origin.share_us for origin in ORIGINS]),
    "GB": np.cumsum([origin.share_gb for origin in ORIGINS]),
}

# One placement in ten is below somebody else than the enroller.
_PLACED_ELSEWHERE_PER_CENT: Final = 10


def draw_roles(random: np.random.Generator, count: int, *, customers_per_cent: int) -> Flags:
    """Return who is a distributor, in order of joining; the first always is."""
    is_distributor: Flags = random.integers(0, 100, count) >= customers_per_cent
    is_distributor[:1] = True
    return is_distributor


def draw_sponsors(random: np.random.Generator, is_distributor: Flags, *, shape: str) -> Ints:
    """Return each one's sponsor by row: the distributors in the shape, customers anywhere in it."""
    distributors = np.flatnonzero(is_distributor)
    among_distributors = SHAPES[shape](len(distributors), random)
    ahead = np.maximum(np.cumsum(is_distributor), 1)
    sponsor: Ints = distributors[random.integers(0, ahead)]
    sponsor[distributors] = distributors[np.maximum(among_distributors, 0)]
    sponsor[0] = -1
    return sponsor


def draw_enrollers(random: np.random.Generator, sponsor: Ints) -> Ints:
    """Return each one's enroller by row: mostly the sponsor, sometimes the one above."""
    above = np.where(sponsor >= 0, sponsor[sponsor], -1)
    elsewhere = random.integers(0, 100, len(sponsor)) < _PLACED_ELSEWHERE_PER_CENT
    return np.where(elsewhere & (above >= 0), above, sponsor)


def draw_times(random: np.random.Generator, count: int, start: int, end: int) -> Ints:
    """Return so many moments in order, from `start` on and before `end`."""
    return np.sort(random.integers(start, max(end, start + 1), count))


def draw_markets(
    random: np.random.Generator, count: int, markets: Sequence[str], *, first_per_cent: int
) -> Ints:
    """Return a market by its row in `markets` for each: the first has so many in a hundred."""
    if len(markets) == 1:
        return np.zeros(count, dtype=np.int64)
    others = random.integers(1, len(markets), count)
    return np.where(random.integers(0, 100, count) < first_per_cent, 0, others)


def draw_names(
    random: np.random.Generator, market: Ints, markets: Sequence[str]
) -> tuple[Ints, Ints]:
    """Return rows of `FIRST_NAMES` and `LAST_NAMES` that go together, as people in a market do."""
    origin = np.zeros(len(market), dtype=np.int64)
    for row, code in enumerate(markets):
        shares = _SHARES.get(code, _SHARES["US"])
        drawn = random.integers(0, shares[-1], len(market))
        origin = np.where(market == row, np.searchsorted(shares, drawn, side="right"), origin)
    first = (np.cumsum(_GIVEN_COUNTS) - _GIVEN_COUNTS)[origin]
    last = (np.cumsum(_FAMILY_COUNTS) - _FAMILY_COUNTS)[origin]
    return (
        first + random.integers(0, _GIVEN_COUNTS[origin]),
        last + random.integers(0, _FAMILY_COUNTS[origin]),
    )


def member_rows(
    *,
    first_id: int,
    first_party_id: int,
    names: tuple[Ints, Ints],
    market: Ints,
    markets: Sequence[str],
    joined_at: Ints,
) -> Rows:
    """Return the members' rows, with ids in a row from `first_id`."""
    rows = np.zeros(len(joined_at), dtype=MEMBERS)
    rows["member_id"] = np.arange(first_id, first_id + len(rows))
    rows["party_id"] = np.arange(first_party_id, first_party_id + len(rows))
    rows["first_name"], rows["last_name"] = names
    rows["code"] = member_codes(rows["member_id"])
    rows["market"] = np.array([code.encode() for code in markets])[market]
    rows["joined_at"] = joined_at
    return rows


def version_rows(
    members: Rows, *, sponsor_ids: Ints, enroller_ids: Ints, is_distributor: Flags
) -> Rows:
    """Return one version each: active, from joining on, until further notice."""
    rows = np.zeros(len(members), dtype=VERSIONS)
    rows["member_id"] = members["member_id"]
    rows["sponsor_id"] = sponsor_ids
    rows["enroller_id"] = enroller_ids
    rows["is_distributor"] = is_distributor
    rows["status"] = STATUSES.index("active")
    rows["effective_from"] = members["joined_at"]
    rows["effective_until"] = NEVER
    return rows
