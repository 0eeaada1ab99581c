"""Legs and levels below somebody, where some do not stand in the way that others do."""

from collections.abc import Iterator

from tests.oracle.run import Run
from tests.oracle.trees import Seen, Tree, directly_below, downline


def frontline(run: Run, tree: Tree, id: str, seen: Seen) -> Iterator[str]:
    """Yield the frontline: who does not count as a leg is looked through."""
    return directly_below(tree, id, lambda each: run.member(each).policies.counts_as_leg, seen)


def heads(run: Run, tree: Tree, id: str, seen: Seen) -> Iterator[str]:
    """Yield who heads a leg. In a binary or matrix tree legs are places, whoever stands there."""
    if tree.rules.has_places:
        return directly_below(tree, id, lambda _: True, seen)
    return frontline(run, tree, id, seen)


def leg_of(tree: Tree, id: str, number: int, seen: Seen = lambda _: True) -> list[str]:
    """Return everybody in a leg of a binary tree."""
    head = tree.in_leg(id, number)
    if head is None or not seen(head):
        return []
    return [head, *downline(tree, head, seen)]


def levels_below(run: Run, tree: Tree, id: str, last: int, seen: Seen) -> list[list[str]]:
    """Return who stands on levels 1 to `last`; who occupies no level is looked through."""
    levels: list[list[str]] = []
    above = [id]
    for _ in range(last):
        above = [
            each
            for one in above
            for each in directly_below(
                tree, one, lambda each: run.member(each).policies.occupies_level, seen
            )
        ]
        levels.append(above)
    return levels
