"""`reward` in a plan's text: pay fixed money for something reached."""

from __future__ import annotations

from typing import Literal

from commissions.engine.plan import GradeBy, RewardRule
from commissions.plan import limits
from commissions.plan.bonuses.reader import BonusReader
from commissions.plan.bonuses.tables import GroupBonusTable
from commissions.plan.phrases import said
from commissions.plan.requirements import people_asked
from commissions.plan.texts import OneMoney, PeopleText, TreeName, WithinText


class RewardTable(GroupBonusTable):
    """Pay fixed money for something reached."""

    kind: Literal["reward"]
    pays: OneMoney
    rates_by: str = "paid-as"
    when: Literal["each period", "once"] = "each period"
    for_each: PeopleText | None = None
    within: WithinText | None = None
    tree: TreeName = "sponsor"


def reward(bonus: BonusReader) -> RewardRule:
    """Return the rule of a `reward`."""
    once = bonus.given.word("when") == "once"
    pays = bonus.rates("pays", inherits=not once)
    if once and (not bonus.has_grades or pays.by == GradeBy.FIGURE):
        bonus.refuse("when", "Only what is paid by rank can be paid once for each rank.",
                     'Write pays = { Silver = "100.00" }, or leave it out.')  # fmt: skip
    days, months = _within(bonus)
    common = bonus.common()
    bonus.check_counts_sales("PV", common["on_return"])
    return RewardRule(
        pays=pays,
        once=once,
        for_each=_for_each(bonus),
        within_days=days,
        within_months=months,
        tree=bonus.tree(),
        **common,
    )


def _for_each(bonus: BonusReader) -> int:
    text = bonus.given.text("for_each")
    phrase: said.People | None = bonus.meaning.phrase("people", text) if text else None
    if text is None or phrase is None:
        return -1
    index = people_asked(phrase, text, bonus.meaning, "others")
    return -1 if index is None else index


def _within(bonus: BonusReader) -> tuple[int, int]:
    """Return days and months, 0 for no limit."""
    text = bonus.given.text("within")
    phrase: said.Within | None = bonus.meaning.phrase("within", text) if text else None
    if text is None or phrase is None:
        return 0, 0
    if phrase.number is None:
        bonus.refuse("within", "A reward is not for an order.", 'Write "60 days" or "3 months".')
        return 0, 0
    what, most = ("months", limits.MONTHS) if phrase.in_months else ("days", limits.DAYS)
    count = bonus.meaning.whole(phrase.number, text, what, most) or 0
    return (0, count) if phrase.in_months else (count, 0)
