"""Whether requirements are met, for everybody at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commissions.engine._compile import kernel
from commissions.engine.ground import Ground
from commissions.engine.money import long_share
from commissions.engine.plan import AND, OR, Asks, ByMarket, Requirement, Requirements, Term
from commissions.engine.rounding import PPM

Bools = NDArray[np.bool_]
Int64s = NDArray[np.int64]


@kernel
def is_share(have: int, of: int, ppm: int) -> bool:
    """Tell whether `have` is at least so many parts per million of `of`, exactly.

    >>> is_share(50, 100, 500_000), is_share(49, 99, 500_000), is_share(-50, -100, 500_000)
    (True, False, True)
    """
    size = of if of >= 0 else -of
    whole, rest = long_share(size, ppm, PPM)
    if of >= 0:
        return have >= whole + (1 if rest > 0 else 0)
    return have >= -whole


@kernel
def are_shares(have: Int64s, of: Int64s, ppm: int) -> Bools:
    """Return `is_share` for each pair."""
    good = np.empty(len(have), np.bool_)
    for row in range(len(have)):
        good[row] = is_share(have[row], of[row], ppm)
    return good


def met(ground: Ground, require: ByMarket[Requirements]) -> Bools:
    """Tell for each row whether all requirements of the member's market are met."""
    good = met_everywhere(ground, require[0])
    for market in range(1, len(require)):
        if require[market] != require[0]:
            here = ground.market == market
            if here.any():
                good = np.where(here, met_everywhere(ground, require[market]), good)
    return good


def met_everywhere(ground: Ground, require: Requirements) -> Bools:
    """Tell for each row whether all these are met; none are met by everybody."""
    good = np.ones(ground.size, np.bool_)
    for requirement in require:
        good &= _met(ground, requirement)
    return good


def _met(ground: Ground, requirement: Requirement) -> Bools:
    stack: list[Bools] = []
    for word in requirement.program:
        if word == AND:
            last = stack.pop()
            stack[-1] = stack[-1] & last
        elif word == OR:
            last = stack.pop()
            stack[-1] = stack[-1] | last
        else:
            stack.append(met_term(ground, requirement.terms[word]))
    (good,) = stack
    return good


def met_term(ground: Ground, term: Term) -> Bools:
    """Tell for each row whether one comparison holds."""
    found = ground.standings
    if term.asks == Asks.ACTIVE:
        return found.active
    if term.asks in (Asks.RANK, Asks.TITLE, Asks.WAS):
        ranks = {Asks.RANK: found.paid_as, Asks.TITLE: found.title, Asks.WAS: found.before}
        return ranks[term.asks] >= term.need
    figure = found.figures[term.index]
    if term.asks == Asks.BELOW:
        return figure < term.need
    if term.asks == Asks.SHARE:
        return are_shares(figure, found.figures[term.need], term.ppm)
    return figure >= term.need
