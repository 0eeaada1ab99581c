"""`structure` in a plan's text: pay for a shape that is filled."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from commissions.engine.plan import ENROLLER, StructureRule
from commissions.plan import limits
from commissions.plan.bonuses.reader import BonusReader
from commissions.plan.bonuses.tables import GroupBonusTable
from commissions.plan.given import Given
from commissions.plan.texts import Money, Requirements, SomeRequirements, TreeName

Stages = Annotated[list[Money], Field(min_length=1, max_length=limits.STAGES)]


class StructureTable(GroupBonusTable):
    """Pay for a shape that is filled."""

    kind: Literal["structure"]
    tree: TreeName = "enroller"
    width: Annotated[int, Field(ge=1, le=limits.WIDTH)]
    person: SomeRequirements
    head: Requirements = []
    pays: Stages
    paid: Literal["highest", "each"] = "highest"
    sets: bool = False


def structure(bonus: BonusReader) -> StructureRule:
    """Return the rule of a `structure`."""
    common = bonus.common()
    bonus.never_where_left_out(common)
    bonus.check_counts_sales("PV", common["on_return"])
    return StructureRule(
        tree=bonus.tree(ENROLLER),
        width=bonus.given.number("width"),
        person=bonus.others("person"),
        head=bonus.others("head"),
        pays=_pays(bonus),
        each=bonus.given.word("paid") == "each",
        sets=bonus.given.flag("sets"),
        **common,
    )


def _pays(bonus: BonusReader) -> tuple[tuple[int, ...], ...]:
    """Return the money of each stage, by market."""
    own = bonus.given.value("pays")
    found = [bonus.amounts_in(own, bonus.given.name("pays")) if own else ()]
    for override in bonus.overrides:
        node = override.value("pays") if isinstance(override, Given) else None
        if node is None or not isinstance(override, Given):
            found.append(found[0])
        else:
            found.append(bonus.amounts_in(node, override.name("pays")))
    return tuple(found)
