"""Weighted levels: points that people on certain levels bring."""

from fractions import Fraction

from tests.oracle.figures import ZERO, figure, value
from tests.oracle.money import hundredth
from tests.oracle.phrases import Weighted
from tests.oracle.requirements import is_met
from tests.oracle.run import Run
from tests.oracle.trees import downline


@figure.register
def of_weighted(meaning: Weighted, run: Run, volume: str, id: str) -> Fraction:
    """Add the shares of all those below for whom this distributor is on a weighted level."""
    total = ZERO
    if is_met(run, meaning.who, id):
        total += share(run, meaning, id, meaning.self_weight)
    tree = run.trees[meaning.tree]
    for each in downline(tree, id, run.seen_for(volume, tree)):
        level = level_above(run, meaning, each, id)
        if level is not None and level <= len(meaning.levels):
            total += share(run, meaning, each, meaning.levels[level - 1])
    return total


def level_above(run: Run, meaning: Weighted, id: str, above: str) -> int | None:
    """Return on which level somebody has this person, counted upwards from the person.

    None if the person adds nothing (does not meet `who`, or stands on no level), or if the one
    above is looked through.
    """
    if not is_met(run, meaning.who, id) or not run.member(id).policies.occupies_level:
        return None
    level = 0
    for each in run.trees[meaning.tree].upline(id):
        uses_one = uses_a_level(run, meaning, each)
        level += 1 if uses_one else 0
        if each == above:
            return level if uses_one else None
    return None


def uses_a_level(run: Run, meaning: Weighted, id: str) -> bool:
    if not run.member(id).policies.occupies_level:
        return False
    return meaning.compression == "none" or is_met(run, meaning.who, id)


def share(run: Run, meaning: Weighted, id: str, weight: Fraction) -> Fraction:
    """Return a per cent of a figure, rounded to a hundredth; of people, the weight itself."""
    if meaning.of is None:
        return weight
    return hundredth(value(run, meaning.of, id) * weight)
