"""The keys that every kind of bonus has, as models. A kind narrows the words that fit it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from commissions.plan import limits
from commissions.plan.models import Cadence, Table
from commissions.plan.texts import (
    Money,
    Name,
    OneMoney,
    Rate,
    Requirements,
    ShareOf,
)

CompressionWord = Literal["none", "inactive", "dynamic"]
Cents = Annotated[list[Money], Field(min_length=1, max_length=limits.LEVELS)]


class BonusCapTable(Table):
    """A bonus's limits."""

    per_earner: OneMoney | None = None
    per_holder: Money | None = None
    total: ShareOf | None = None


class BuyerCapTable(BonusCapTable):
    """The limits of a bonus on the sales of so many levels."""

    per_buyer: Cents | None = None


class BonusTable(Table):
    """What every kind of bonus has."""

    name: Name
    kind: str
    paid_to: Literal["active", "everybody"] = "active"
    requires: Requirements = []
    round_at: Literal["line", "bonus", "earner"] = "line"
    on_return: Literal["line", "volume", "share", "none"] = "line"
    cadence: Cadence | None = None
    cap: BonusCapTable | None = None


class SaleBonusTable(BonusTable):
    """What kinds have that pay a part of each sale."""

    on_return: Literal["line", "none"] = "line"
    part: Rate = "100%"


class GroupBonusTable(BonusTable):
    """What kinds have that rest on many sales at once."""

    round_at: Literal["line"] = "line"
    on_return: Literal["share", "none"] = "share"
