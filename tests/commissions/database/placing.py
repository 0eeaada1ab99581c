"""Placement trees for tests: the database has none yet, so places are handed in while reading."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import numpy as np

from commissions.books import PLACES
from commissions.engine import Plan
from distributors.models import Member
from tests.commissions.database.twins import Places

Tree = dict[int, tuple[int, int]]


def filled(members: list[Member], *, width: int) -> Tree:
    """Return a tree that members fill level by level, from the lowest leg on."""
    numbers = [member.pk for member in members]
    tree: Tree = {numbers[0]: (0, 0)}
    for place, number in enumerate(numbers[1:]):
        tree[number] = (numbers[place // width], place % width + 1)
    return tree


@contextmanager
def placed(places: Places) -> Iterator[None]:
    """Let the company have these trees."""

    def read_places(cursor: object, extent: object, plan: Plan) -> np.ndarray:
        del cursor, extent
        rows = [
            (plan.tree_index(name), member, parent, leg)
            for name, tree in places.items()
            for member, (parent, leg) in sorted(tree.items())
        ]
        return np.array(rows, dtype=PLACES)

    with (
        patch("commissions.reading.following.read_places", read_places),
        patch("commissions.selectors.plan_hindrances.what_is_not_there"),
    ):
        yield
