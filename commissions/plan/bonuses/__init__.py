"""The kinds of bonus in a plan's text, one file each: its keys, and how they become a rule.

A new kind is a file and a line in `KINDS`.
"""

from __future__ import annotations

from typing import Protocol

from commissions.engine.plan import BonusRule
from commissions.plan.bonuses.unilevel import UnilevelKind
from commissions.plan.meaning import Meaning
from commissions.plan.models import BonusTable
from commissions.plan.toml import Node


class Kind(Protocol):
    """What the reader needs to know about a kind of bonus."""

    table: type[BonusTable]

    def check(self, node: Node, path: str, meaning: Meaning) -> None:
        """Note mistakes of meaning, also in a table that has mistakes of shape."""

    def compile(self, table: BonusTable, meaning: Meaning) -> BonusRule:
        """Return the engine's rule."""

    def worst_case_ppm(self, rule: BonusRule) -> int:
        """Return the most that one sale can pay, as a share of its base."""


KINDS: dict[str, Kind] = {"unilevel": UnilevelKind()}
