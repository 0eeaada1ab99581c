"""Unilevel in a plan's text."""

from __future__ import annotations

from typing import Literal

from commissions.engine.plan import NOT_COVERED, BonusRule, Compression, UnilevelRule
from commissions.plan.exact import rate_ppm
from commissions.plan.meaning import Meaning
from commissions.plan.mistakes import closest, one_of
from commissions.plan.models import BonusTable, Rates
from commissions.plan.toml import Node


class UnilevelTable(BonusTable):
    """Pay on the sales of so many levels."""

    kind: Literal["unilevel"]
    tree: Literal["sponsor"]
    pays_on: Literal["PV", "CV"]
    compression: Literal["none", "inactive", "dynamic"]
    rates: Rates


class UnilevelKind:
    """The kind `unilevel`."""

    table: type[BonusTable] = UnilevelTable

    def check(self, node: Node, path: str, meaning: Meaning) -> None:
        """Note rates of ranks that do not exist."""
        rates = node.value.get("rates")
        if rates is None or not isinstance(rates.node.value, dict):
            return
        for name, entry in rates.node.value.items():
            if name not in meaning.ranks:
                known = one_of(meaning.ranks)
                meaning.mistakes.add(
                    entry.place, f"{path}.rates", f'There is no rank "{name}".',
                    f"Write {known}." if known else "Add a [[rank]] first.",
                    closest(name, meaning.ranks),
                )  # fmt: skip

    def compile(self, table: BonusTable, meaning: Meaning) -> BonusRule:
        """Return the rule, with a row of rates for every rank and one for no rank."""
        if not isinstance(table, UnilevelTable):
            raise TypeError(table)
        rates = table.rates
        if isinstance(rates, dict):
            by_rank = _by_rank(rates, meaning.ranks)
        else:
            by_rank = [[rate_ppm(rate) for rate in rates]] * (len(meaning.ranks) + 1)
        depth = max(map(len, by_rank)) or 1
        return UnilevelRule(
            name=table.name,
            pays_on=meaning.volumes.index(table.pays_on),
            compression=Compression[table.compression.upper()],
            rates_ppm=tuple(tuple(row) + (NOT_COVERED,) * (depth - len(row)) for row in by_rank),
        )

    def worst_case_ppm(self, rule: BonusRule) -> int:
        """Return the highest rate of each level, added up."""
        if not isinstance(rule, UnilevelRule):
            raise TypeError(rule)
        return sum(max(0, *level) for level in zip(*rule.rates_ppm, strict=True))


def _by_rank(rates: dict[str, list[str]], ranks: list[str]) -> list[list[int]]:
    """Return the rates of no rank and of each; one that is not named has those of the one below."""
    rows: list[list[int]] = [[]]
    for rank in ranks:
        rows.append([rate_ppm(rate) for rate in rates[rank]] if rank in rates else rows[-1])
    return rows
