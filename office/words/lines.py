"""What a line rests on that no single order makes: a pool, two legs, others' earnings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commissions.engine.plan import GenerationRule, MatchingRule, RewardRule
from mlm.display import money, points
from office.words.bonuses import PayWords

Line = Mapping[str, Any]
_ONE: Final = 100
"""How a base counts what is counted once."""


def resting_on(line: Line, words: PayWords, viewer_id: int) -> str:
    """Return what a line rests on, in words; those of a bonus as a whole stand in its note."""
    if "count" in line:
        number = int(line["count"])
        return ngettext("%d smaller amount", "%d smaller amounts", number) % number
    if line["evidence"] == "earnings":
        return _earnings(line, words, viewer_id)
    told = _TOLD.get(line["evidence"])
    return told(line, words) if told else ""


def _earnings(line: Line, words: PayWords, viewer_id: int) -> str:
    if isinstance(words.rule, MatchingRule):
        number = len(line["people"])
        text = ngettext(
            "What %(number)d person earned with %(bonus)s",
            "What %(number)d people earned with %(bonus)s",
            number,
        )
        return text % {"number": number, "bonus": line["of_bonus"]}
    if isinstance(words.rule, GenerationRule):
        if viewer_id in line["people"]:
            return _("Moved on to the leader above you, to whom this much is promised")
        return _("Moved up to you, to whom this much is promised")
    return ""


def _pool(line: Line, words: PayWords) -> str:
    share = _("Your share of the fund")
    if "fund" not in line:
        return share
    fund = money(line["fund"], words.plan.currency)
    if not words.unit:
        text = _("One of %(number)s equal shares of a fund of %(fund)s")
        return text % {"number": f"{line['shares'] // _ONE:,}", "fund": fund}
    text = _("%(own)s of all %(shares)s %(unit)s that part a fund of %(fund)s")
    return text % {
        "own": points(line["base"]),
        "shares": points(line["shares"]),
        "unit": words.unit,
        "fund": fund,
    }


def _legs(line: Line, words: PayWords) -> str:
    if "left" not in line:
        return _("Your two legs, paired")
    text = _("Left leg %(left)s, right leg %(right)s: %(paired)s %(unit)s of the weaker are paid")
    return text % {
        "left": points(line["left"]),
        "right": points(line["right"]),
        "paired": points(line["base"]),
        "unit": words.unit,
    }


def _group(line: Line, words: PayWords) -> str:
    times = int(line["base"]) // _ONE
    if isinstance(words.rule, RewardRule) and times != 1:
        return ngettext("%d time", "%d times", times) % times
    return _("Reached by the sales of your group")


_TOLD: Final[Mapping[str, Callable[[Line, PayWords], str]]] = {
    "pool": _pool,
    "legs": _legs,
    "group": _group,
    "level": lambda line, words: _("The orders of this level together"),
    "shape": lambda line, words: _("The people of this shape together"),
}
