"""`pool` in a plan's text: pay shares of a fund."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from commissions.engine.plan import PoolRule
from commissions.engine.rounding import PPM
from commissions.plan import exact
from commissions.plan.bonuses.reader import BonusReader
from commissions.plan.bonuses.tables import GroupBonusTable
from commissions.plan.caps import share_of
from commissions.plan.mistakes import closest, one_of
from commissions.plan.phrases import said
from commissions.plan.texts import Rate, ShareOf, VolumeName

Places = Annotated[list[Rate], Field(min_length=1, max_length=1000)]


class PoolTable(GroupBonusTable):
    """Pay shares of a fund."""

    kind: Literal["pool"]
    fund: ShareOf
    shares: VolumeName
    places: Places | None = None
    rest: Literal["shared", "kept"] = "shared"


def pool(bonus: BonusReader) -> PoolRule:
    """Return the rule of a `pool`."""
    common = bonus.common()
    bonus.never_where_left_out(common)
    text = bonus.given.text("fund")
    phrase: said.ShareOf | None = bonus.meaning.phrase("share_of", text) if text else None
    fund_ppm, fund_of = share_of(phrase, text, bonus.meaning) if text else (0, 0)
    places = _places(bonus)
    return PoolRule(
        fund_of=fund_of,
        fund_ppm=fund_ppm,
        shares=_shares(bonus),
        places_ppm=places,
        rest_kept=bonus.given.word("rest") == "kept",
        **common,
    )


def _shares(bonus: BonusReader) -> int:
    """Return the volume that gives shares, -1 for equal ones."""
    text = bonus.given.text("shares")
    if text is None:
        return -1
    if text.value == "equal":
        if bonus.given.has("places"):
            bonus.refuse(
                "shares", "Equal shares give no places: only who joined first would win.",
                "Name a volume, or take the places out.",
            )  # fmt: skip
        return -1
    if text.value in bonus.meaning.names.volumes:
        return bonus.meaning.volumes.get(text.value) or 0
    known = ["equal", *bonus.meaning.names.volumes]
    bonus.refuse("shares", f'There is no volume "{text.value}".', f"Write {one_of(known)}.",
                 closest(text.value, known))  # fmt: skip
    return -1


def _places(bonus: BonusReader) -> tuple[int, ...]:
    if bonus.given.has("places") and bonus.given.has("rest"):
        bonus.refuse("rest", "Places are per cents of the fund; nothing is cut off them.",
                     "Leave it out.")  # fmt: skip
    rates = []
    for text in bonus.given.texts("places"):
        try:
            rates.append(exact.rate_ppm(text.value))
        except ValueError:
            rates.append(0)
    if sum(rates) > PPM:
        bonus.refuse(
            "places", f"The places share {exact.shown_rate(sum(rates))} of the fund.",
            "Write per cents that add up to 100% at most.",
        )  # fmt: skip
    return tuple(rates)
