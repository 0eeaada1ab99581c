"""How what a plan pays is told: what levels are called, what a base is of, what takes off what."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from commissions.engine.plan import (
    BinaryRule,
    BonusRule,
    FullLevelRule,
    GenerationRule,
    MatchingRule,
    PayKind,
    PersonalRule,
    PoolRule,
    RewardRule,
    StructureRule,
)
from commissions.plan import Plan
from mlm.display import points


@dataclass(frozen=True, slots=True)
class PayWords:
    """How one of the things that a plan pays is told: a bonus, a cap or a deduction."""

    plan: Plan
    place: int

    @property
    def name(self) -> str:
        """Return what the plan calls it."""
        return self.plan.pays[self.place].name

    @property
    def rule(self) -> BonusRule | None:
        """Return the bonus; None for what takes off."""
        pay = self.plan.pays[self.place]
        return self.plan.bonuses[pay.of] if pay.kind == PayKind.BONUS else None

    @property
    def unit(self) -> str:
        """Return which volume bases are of; nothing where a base is no volume that may be shown.

        What is matched is what others earn, and stays theirs.
        """
        rule = self.rule
        if rule is None or isinstance(rule, MatchingRule | RewardRule | StructureRule):
            return ""
        if isinstance(rule, PoolRule):
            return self.plan.figures[rule.shares].name if rule.shares >= 0 else ""
        return self.plan.figures[rule.pays_on].name if rule.pays_on >= 0 else ""

    @property
    def note(self) -> str:
        """Return what is behind amounts that need a word, as for what is taken off."""
        pay = self.plan.pays[self.place]
        if pay.kind == PayKind.CAP:
            words = _("%(bonus)s has a limit. This is what was above it.")
            return words % {"bonus": self.plan.bonuses[pay.of].name}
        if pay.kind == PayKind.PLAN_CAP:
            return _("All bonuses together have a limit. This is what was above it.")
        if pay.kind == PayKind.DEDUCTION:
            rate = rate_text(self.plan.deductions[pay.of].rate_ppm)
            return _("%(rate)s of what you earn is taken off.") % {"rate": rate}
        if isinstance(self.rule, MatchingRule):
            names = [self.plan.bonuses[place].name for place in self.rule.of]
            words = _("A share of what your team earns with %(bonuses)s. Whose earnings it is from"
                      " stays theirs: only the sum of each level is shown.")  # fmt: skip
            return words % {"bonuses": ", ".join(names)}
        return ""

    def level(self, level: int) -> str:
        """Return what a level is called; nothing where a bonus has none."""
        rule = self.rule
        if isinstance(rule, GenerationRule | MatchingRule) and _is_by_leaders(rule):
            number = {"number": level}
            return _("Generation %(number)d") % number if level else _("Your own group")
        if level <= 0:
            return ""
        if isinstance(rule, RewardRule):
            return self.plan.rank_name(level) if level <= len(self.plan.ranks) else ""
        if isinstance(rule, PersonalRule):
            return self._tier(rule, level)
        if isinstance(rule, PoolRule):
            return _("Place %(number)d") % {"number": level}
        if isinstance(rule, BinaryRule | StructureRule):
            return _("Step %(number)d") % {"number": level}
        if isinstance(rule, FullLevelRule):
            return _("Full level %(number)d") % {"number": level}
        return _("Level %(number)d") % {"number": level}

    def _tier(self, rule: PersonalRule, level: int) -> str:
        """Return the step of a ladder by where it begins; markets may begin it elsewhere."""
        if len(rule.tiers) != 1 or level > len(rule.tiers[0]):
            return _("Step %(number)d") % {"number": level}
        begins = rule.tiers[0][level - 1]
        words = _("From %(points)s %(volume)s")
        return words % {"points": points(begins), "volume": self.unit}


def _is_by_leaders(rule: GenerationRule | MatchingRule) -> bool:
    return rule.leaders is not None


def rate_text(rate_ppm: int) -> str:
    """Return parts per million as a per cent.

    >>> rate_text(50_000), rate_text(52_500), rate_text(1), rate_text(1_000_000)
    ('5 %', '5.25 %', '0.0001 %', '100 %')
    """
    whole, rest = divmod(rate_ppm, 10_000)
    return f"{whole}.{rest:04d}".rstrip("0") + " %" if rest else f"{whole} %"
