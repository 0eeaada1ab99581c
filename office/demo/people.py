"""The people of the demo company: who they are, who brought them, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from office.demo import drawing
from office.demo.columns import DAY, NEVER, Flags, Ints

CUSTOMERS_PER_CENT: Final = 74
JOINED_BEFORE_PER_CENT: Final = 76
YEARS_BEFORE: Final = 3
REFERRED_BY_CUSTOMER_PER_CENT: Final = 4
MEMBERS_PER_UPGRADE: Final = 50
REDRAWS: Final = 8

# How many customers a distributor draws: per cent of them, and the weight each has.
_PULL: Final = ((35, 0), (40, 2), (20, 7), (5, 20))
_LEADERS_PULL: Final = 25
_LEADERS_SHARE_PER_CENT: Final = 30
_NEWCOMERS_CUSTOMERS: Final = 2


@dataclass(frozen=True, slots=True)
class Population:
    """Everybody by row, in order of joining. A sponsor is a row; the first has none (-1).

    `upgraded_at` is when a customer becomes a distributor, `terminated_at` and `suspended_at` when
    that happens; `NEVER` for nearly all.
    """

    names: tuple[Ints, Ints]
    market: Ints
    joined_at: Ints
    sponsor: Ints
    enroller: Ints
    started_as_distributor: Flags
    upgraded_at: Ints
    terminated_at: Ints
    suspended_at: Ints
    leader: int
    newcomer: int

    def is_distributor_at(self, rows: Ints, moments: Ints) -> Flags:
        """Tell for each row whether it is a distributor at its moment."""
        return self.started_as_distributor[rows] | (self.upgraded_at[rows] <= moments)

    def credited(self, buyer: Ints, moments: Ints) -> Ints:
        """Return whose sale an order of each buyer is at its moment; -1 for the house account.

        The buyer if a distributor; else the next above who is one and is not terminated by then.
        """
        found = np.where(self.is_distributor_at(buyer, moments), buyer, self.sponsor[buyer])
        while True:
            takes = self.is_distributor_at(found, moments) & (self.terminated_at[found] > moments)
            onward = (found >= 0) & (found != buyer) & ~takes
            if not onward.any():
                return found
            found = np.where(onward, self.sponsor[found], found)


def draw_population(
    random: np.random.Generator, count: int, *, start: int, at: int, markets: tuple[str, ...]
) -> Population:
    """Return the company's people, most of whom joined before `start`, the others until `at`."""
    is_distributor = drawing.draw_roles(random, count, customers_per_cent=CUSTOMERS_PER_CENT)
    newcomer = count - 1 - _NEWCOMERS_CUSTOMERS
    is_distributor[newcomer:] = False
    is_distributor[newcomer] = True
    joined_at = _joining_times(random, count, start=start, at=at, newcomer=newcomer)
    sponsor = drawing.draw_sponsors(random, is_distributor, shape="mixed")
    leader = _leader(sponsor, is_distributor)
    upgraded_at = _upgrades(random, is_distributor, joined_at, start=start, at=at)
    sponsor = _customers_places(random, sponsor, is_distributor, leader, upgraded_at < NEVER)
    sponsor[newcomer + 1 :] = newcomer
    market = drawing.draw_markets(random, count, markets, first_per_cent=70)
    never = np.full(count, NEVER, dtype=np.int64)
    population = Population(
        names=_distinct_names(random, market, markets),
        market=market,
        joined_at=joined_at,
        sponsor=sponsor,
        enroller=np.where(is_distributor, drawing.draw_enrollers(random, sponsor), sponsor),
        started_as_distributor=is_distributor,
        upgraded_at=upgraded_at,
        terminated_at=never.copy(),
        suspended_at=never.copy(),
        leader=leader,
        newcomer=newcomer,
    )
    _mark_incidents(population, start=start, at=at)
    return population


def _joining_times(
    random: np.random.Generator, count: int, *, start: int, at: int, newcomer: int
) -> Ints:
    """Return when each joined, in order; the newcomer five days ago, with customers since."""
    before = count * JOINED_BEFORE_PER_CENT // 100
    last_days = at - 5 * DAY
    joined = np.concatenate(
        [
            drawing.draw_times(random, before, start - YEARS_BEFORE * 365 * DAY, start),
            drawing.draw_times(random, newcomer - before, start, last_days),
            last_days + np.arange(count - newcomer) * DAY,
        ]
    )
    joined[0] = start - YEARS_BEFORE * 365 * DAY
    return joined


def downline_sizes(sponsor: Ints) -> Ints:
    """Return how many sit below each.

    >>> downline_sizes(np.array([-1, 0, 0, 1]))
    array([3, 1, 0, 0])
    """
    below = [0] * len(sponsor)
    for row in range(len(sponsor) - 1, 0, -1):
        below[sponsor[row]] += below[row] + 1
    return np.array(below, dtype=np.int64)


def _leader(sponsor: Ints, is_distributor: Flags) -> int:
    """Return the early distributor, not the first, whose downline is nearest to what is wanted."""
    early = np.flatnonzero(is_distributor)[1:15]
    wanted = len(sponsor) * _LEADERS_SHARE_PER_CENT // 100
    distance = np.abs(downline_sizes(sponsor)[early] - wanted)
    return int(early[np.argmin(distance)])


def _upgrades(
    random: np.random.Generator, is_distributor: Flags, joined_at: Ints, *, start: int, at: int
) -> Ints:
    """Return when each of the customers who become distributors does; `NEVER` for the others."""
    upgraded_at = np.full(len(joined_at), NEVER, dtype=np.int64)
    candidates = np.flatnonzero(~is_distributor & (joined_at < start))
    upgrades = len(joined_at) // MEMBERS_PER_UPGRADE
    chosen = np.sort(random.choice(candidates, upgrades, replace=False))
    upgraded_at[chosen] = random.integers(start + 3 * DAY, at - 2 * DAY, upgrades)
    return upgraded_at


def _customers_places(
    random: np.random.Generator, sponsor: Ints, is_distributor: Flags, leader: int, upgrades: Flags
) -> Ints:
    """Return sponsors with the customers' drawn anew: a few distributors serve most of them.

    A few customers come through another customer, mostly one who will become a distributor.
    """
    shares, weights = zip(*_PULL, strict=True)
    drawn = np.searchsorted(np.cumsum(shares), random.integers(0, 100, len(sponsor)), side="right")
    pull = np.where(is_distributor, np.array(weights)[drawn], 0)
    pull[0] = 1
    pull[leader] = _LEADERS_PULL
    by_distributor = _draw_weighted(random, pull)
    by_customer = _draw_weighted(random, np.where(upgrades, 50, 1 * ~is_distributor))
    is_referred = (random.integers(0, 100, len(sponsor)) < REFERRED_BY_CUSTOMER_PER_CENT) & (
        by_customer >= 0
    )
    places = np.where(is_referred, by_customer, by_distributor)
    return np.where(is_distributor, sponsor, places)


def _draw_weighted(random: np.random.Generator, weight: Ints) -> Ints:
    """Return for each row an earlier row, drawn by weight; -1 where none of the earlier has any."""
    total = np.cumsum(weight)
    ahead = np.concatenate([[0], total[:-1]])
    drawn = random.integers(0, np.maximum(ahead, 1))
    return np.where(ahead > 0, np.searchsorted(total, drawn, side="right"), -1)


def _distinct_names(
    random: np.random.Generator, market: Ints, markets: tuple[str, ...]
) -> tuple[Ints, Ints]:
    """Return names of which hardly any comes twice: those that do are drawn again a few times."""
    first, last = drawing.draw_names(random, market, markets)
    for _ in range(REDRAWS):
        both = first * len(drawing.LAST_NAMES) + last
        again = np.ones(len(both), dtype=np.bool_)
        again[np.unique(both, return_index=True)[1]] = False
        new_first, new_last = drawing.draw_names(random, market, markets)
        first, last = np.where(again, new_first, first), np.where(again, new_last, last)
    return first, last


def _mark_incidents(population: Population, *, start: int, at: int) -> None:
    """Choose who is terminated and who suspended: with some downline, and nobody's leader."""
    below = downline_sizes(population.sponsor)
    fit = population.started_as_distributor & (below >= 4) & (below <= 40)
    fit &= population.joined_at < start
    fit[population.leader] = False
    chosen = np.flatnonzero(fit)
    population.terminated_at[chosen[len(chosen) // 3]] = start + 40 * DAY
    population.suspended_at[chosen[len(chosen) // 2]] = at - 6 * DAY
