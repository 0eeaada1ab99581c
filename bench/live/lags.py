"""How long after its answer each order was in the figures, worked out from what was seen.

Which publication has an order is not guessed from times: a publication tells the snapshot that it
was calculated from, and the order's sale the transaction that wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench.live.company import Place
from bench.live.watching import Look, Publication, Sample

_WRITTEN: Final = (
    "SELECT o.external_id, s.xact, sum(s.pv)::bigint, o.credited_id FROM orders_order o"
    " JOIN orders_saleline s ON s.order_id = o.id WHERE o.external_id LIKE %s"
    " GROUP BY o.external_id, s.xact, o.credited_id"
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a snapshot sees: transactions before `ends`, except those that were still `running`."""

    ends: int
    running: frozenset[int]

    def has(self, xact: int) -> bool:
        """Tell whether what a transaction wrote is seen."""
        return xact < self.ends and xact not in self.running


def seen_by(snapshot: str) -> Seen:
    """Return what a snapshot sees, by PostgreSQL's name of it.

    >>> seen_by("5:9:6,7").has(5), seen_by("5:9:6,7").has(7), seen_by("5:9:").has(9)
    (True, False, False)
    """
    _, ends, running = snapshot.split(":")
    return Seen(int(ends), frozenset(int(xact) for xact in running.split(",") if xact))


@dataclass(frozen=True, slots=True)
class Placed:
    """An order that was taken: when its answer came, what wrote it, and whose PV it raises."""

    number: int
    answered: float
    took: float
    xact: int
    pv: int
    credited: int


def placed_orders(
    place: Place, run: str, answered: Mapping[int, tuple[float, float]]
) -> list[Placed]:
    """Return the orders whose numbers begin with `run`, with when and how fast each was answered.

    Those without an answer or without a sale are left out.
    """
    found = []
    for name, xact, pv, credited in place.ask(_WRITTEN, [f"{run}-%"]):
        number = int(name.rpartition("-")[2])
        if number in answered:
            found.append(Placed(number, *answered[number], xact, pv, credited))
    return sorted(found, key=lambda order: order.number)


def published(orders: Iterable[Placed], publications: Sequence[Publication]) -> dict[int, float]:
    """Return the moment at which the first publication that has an order could be read, by number.

    Orders that are in none are left out.
    """
    waiting, found = list(orders), {}
    for publication in publications:
        seen = seen_by(publication.snapshot)
        left = []
        for order in waiting:
            if seen.has(order.xact):
                found[order.number] = publication.moment
            else:
                left.append(order)
        waiting = left
    return found


def wrong_looks(
    samples: Sequence[Sample], orders: Sequence[Placed], sponsors: Mapping[int, int]
) -> Iterator[str]:
    """Yield what is wrong with figures that were looked at; each must be the sum to the point.

    A member's PV has every order credited to them that its snapshot sees, an upline's GV those of
    everybody below.
    """
    uplines = {sample.upline for sample in samples}
    below: dict[int, list[Placed]] = {upline: [] for upline in uplines}
    own: dict[int, list[Placed]] = {}
    for order in orders:
        own.setdefault(order.credited, []).append(order)
        for who in path(order.credited, sponsors):
            if who in uplines:
                below[who].append(order)
    for sample in samples:
        before, now = sample.before, sample.seen
        if before is None or now is None:
            yield f"order {sample.number}: its member's figures did not follow"
            continue
        pv = before.pv + _between(before, now, own.get(sample.member, []))
        gv = before.gv + _between(before, now, below[sample.upline])
        if (now.pv, now.gv) != (pv, gv):
            yield f"order {sample.number}: read PV {now.pv}, GV {now.gv}; they are {pv}, {gv}"


def _between(before: Look, now: Look, orders: Iterable[Placed]) -> int:
    """Return the volume of orders that one snapshot sees and the one before it did not."""
    then, since = seen_by(before.snapshot), seen_by(now.snapshot)
    return sum(order.pv for order in orders if since.has(order.xact) and not then.has(order.xact))


def path(member: int, sponsors: Mapping[int, int]) -> Iterator[int]:
    """Yield a member and everybody above.

    >>> list(path(3, {3: 2, 2: 1, 1: 0}))
    [3, 2, 1]
    """
    while member:
        yield member
        member = sponsors.get(member, 0)
