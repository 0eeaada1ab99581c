"""How much a plan may hold: bounds that keep every figure exact and every page readable.

The engine's integers have room for all of them; no plan that was ever published comes near.
"""

from __future__ import annotations

POINTS = 10**12
MONEY = 10**12
"""In whole units of the currency."""
COUNT = 1_000_000
"""People, customers, cycles."""
LEVELS = 100
PERIODS = 120
DAYS = 3660
MONTHS = 120
WIDTH = 100
STAGES = 20
PHRASE = 500
"""Letters of one phrase."""
ENTRIES = 200
"""Volumes, ranks, bonuses and whatever else stands in a list."""
TEXT = 20_000
"""Letters of one text of an example."""
