"""Which columns hold what plans name: of sales, and of stored standings."""

from __future__ import annotations

from typing import Final

from commissions.engine.plan import Plan

AMOUNT: Final = "amount"
"""The money paid, one point for each unit of the currency."""
COLUMNS: Final = ("pv", "cv", AMOUNT)
"""The columns of sales that every company has, by the names that plans call them."""
VOLUMES: Final = ("PV", "CV", "GV")
"""Figures that have a column of their own in standings."""


def further_figures(plan: Plan) -> tuple[int, ...]:
    """Return the places in `Plan.figures` of what `Standing.figures` holds, in its order."""
    return tuple(place for place, figure in enumerate(plan.figures) if figure.name not in VOLUMES)
