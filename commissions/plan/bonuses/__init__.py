"""The kinds of bonus in a plan's text, one file each: its keys, and how they become a rule.

A new kind is a file and a line in `KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import create_model

from commissions.engine.plan import BonusRule
from commissions.plan.bonuses.binary import BinaryTable, binary
from commissions.plan.bonuses.differential import DifferentialTable, differential
from commissions.plan.bonuses.full_level import FullLevelTable, full_level
from commissions.plan.bonuses.generation import GenerationTable, generation
from commissions.plan.bonuses.infinity import InfinityTable, infinity
from commissions.plan.bonuses.matching import MatchingTable, matching
from commissions.plan.bonuses.personal import PersonalTable, RetailTable, personal, retail
from commissions.plan.bonuses.pool import PoolTable, pool
from commissions.plan.bonuses.reader import BonusReader
from commissions.plan.bonuses.reward import RewardTable, reward
from commissions.plan.bonuses.structure import StructureTable, structure
from commissions.plan.bonuses.tables import BonusTable
from commissions.plan.bonuses.unilevel import (
    FastStartTable,
    UnilevelTable,
    fast_start,
    unilevel,
)
from commissions.plan.models import MarketBonusCapTable, Table
from commissions.plan.texts import Requirements

IN_MARKETS = ("requires", "rates", "own_group", "tiers", "pays")
"""What a market may say of a bonus, besides the cap, as far as its kind knows it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of bonus: its table, and what makes a rule of one."""

    table: type[BonusTable]
    compile: Callable[[BonusReader], BonusRule]
    by_sellers_rank: bool = False


KINDS: dict[str, Kind] = {
    "retail": Kind(RetailTable, retail),
    "personal": Kind(PersonalTable, personal),
    "unilevel": Kind(UnilevelTable, unilevel, by_sellers_rank=True),
    "fast-start": Kind(FastStartTable, fast_start),
    "differential": Kind(DifferentialTable, differential),
    "generation": Kind(GenerationTable, generation),
    "infinity": Kind(InfinityTable, infinity),
    "matching": Kind(MatchingTable, matching),
    "binary": Kind(BinaryTable, binary),
    "full-level": Kind(FullLevelTable, full_level),
    "structure": Kind(StructureTable, structure),
    "pool": Kind(PoolTable, pool),
    "reward": Kind(RewardTable, reward),
}


@cache
def market_table(kind: str) -> type[Table]:
    """Return the model of what a market may say of a bonus of this kind."""
    fields = KINDS[kind].table.model_fields
    known: dict[str, Any] = {
        key: (fields[key].rebuild_annotation() | None, None) for key in IN_MARKETS if key in fields
    }
    known["cap"] = (MarketBonusCapTable | None, None)
    name = f"Market{KINDS[kind].table.__name__}"
    return create_model(name, __base__=Table, __doc__="What is different in a market.", **known)


__all__ = ["KINDS", "BonusReader", "BonusTable", "Kind", "Requirements", "market_table"]
