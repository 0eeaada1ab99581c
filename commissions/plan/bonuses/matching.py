"""`matching` in a plan's text: pay a share of what others earn."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from commissions.engine.plan import MatchingRule
from commissions.plan import limits
from commissions.plan.bonuses.generations import check_generations
from commissions.plan.bonuses.reader import CADENCES, BonusReader
from commissions.plan.bonuses.tables import CompressionWord, SaleBonusTable
from commissions.plan.given import Text
from commissions.plan.mistakes import closest, one_of
from commissions.plan.texts import Leaders, Name, RatesByLevel, TreeName


class MatchingTable(SaleBonusTable):
    """Pay a share of what others earn."""

    kind: Literal["matching"]
    round_at: Literal["line"] = "line"
    of: Annotated[list[Name], Field(min_length=1, max_length=limits.ENTRIES)]
    tree: TreeName = "sponsor"
    compression: CompressionWord = "none"
    rates: RatesByLevel
    rates_by: str = "paid-as"
    counted_in: Literal["levels", "generations"] = "levels"
    leaders: Leaders | None = None
    leader_sales: Literal["own group", "group above"] = "own group"


def matching(bonus: BonusReader) -> MatchingRule:
    """Return the rule of a `matching`."""
    in_generations = check_generations(bonus)
    return MatchingRule(
        of=_matched(bonus),
        tree=bonus.tree(),
        compression=bonus.compression(),
        rates=bonus.rates("rates"),
        leaders=bonus.leaders(by_rank_too=True) if in_generations else None,
        **bonus.common(),
    )


def _matched(bonus: BonusReader) -> tuple[int, ...]:
    """Return the places of the bonuses that are matched, in their order."""
    found: list[int] = []
    for text in bonus.given.texts("of"):
        index = _index(bonus, text)
        if index in found:
            _refuse(bonus, text, f'"{text.value}" stands here twice.', "Write it once.")
        elif index >= 0:
            found.append(index)
    return tuple(sorted(found))


def _index(bonus: BonusReader, text: Text) -> int:
    """Return the place of one matched bonus; -1, noted, if it cannot be matched."""
    names = [known.name for known in bonus.meaning.bonuses]
    if text.value not in names:
        known = names[: bonus.number]
        _refuse(bonus, text, f'There is no bonus "{text.value}".',
                f"Write {one_of(known)}." if known else "Write the matched bonuses above this one.",
                closest(text.value, names))  # fmt: skip
        return -1
    index = names.index(text.value)
    matched, own = bonus.meaning.bonuses[index], bonus.meaning.bonuses[bonus.number]
    if matched.rounds_at == "earner":
        _refuse(
            bonus, text, f'"{text.value}" is rounded with other bonuses and cannot be matched.',
            'Write round_at = "bonus" or "line" there.',
        )  # fmt: skip
    elif _rhythm(matched.cadence, bonus) > _rhythm(own.cadence, bonus):
        _refuse(bonus, text, f'"{text.value}" has a longer rhythm than this bonus.',
                "Match bonuses of the same rhythm or a shorter one.")  # fmt: skip
    elif index >= bonus.number and matched.cadence == own.cadence:
        _refuse(bonus, text, f'"{text.value}" does not stand above this bonus.',
                "Write the matched bonuses above this one.")  # fmt: skip
    else:
        return index
    return -1


def _rhythm(cadence: str, bonus: BonusReader) -> int:
    word = cadence or bonus.meaning.cadence
    return CADENCES.index(word) if word in CADENCES else 0


def _refuse(
    bonus: BonusReader, text: Text, problem: str, remedy: str, suggestion: str = ""
) -> None:
    bonus.meaning.refuse(text, -1, problem, remedy, suggestion)
