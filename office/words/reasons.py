"""Why something was not paid, in plain words: what it means, and what can be done about it.

By the codes of `commissions.engine.reasons`; a test fails where one of them has no words here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """A reason: in a few words, in a sentence, and what to do; `is_own` if it is in one's hands."""

    short: Text
    meaning: Text
    advice: Text
    is_own: bool = False


_NOTHING: Final = _("Nothing is to be done.")
REASONS: Final[dict[str, ReasonWords]] = {
    "inactive": ReasonWords(
        _("You were not active"),
        _("This bonus is paid to those who are active in the period."),
        _("To be paid, be active:"),
        is_own=True,
    ),
    "unqualified": ReasonWords(
        _("You did not meet what this bonus asks for"),
        _("This bonus has requirements of its own."),
        _("To be paid, it takes:"),
        is_own=True,
    ),
    "not covered": ReasonWords(
        _("Your rank is not paid here"),
        _("What is paid here depends on your rank or your figures."),
        _("To be paid, it takes:"),
        is_own=True,
    ),
    "state": ReasonWords(
        _("Your place was not paid"),
        _("In the state that your place was in, this bonus is not paid."),
        _("Ask the company what it takes to be paid again."),
    ),
    "no leader": ReasonWords(
        _("You were no leader"),
        _("This bonus counts from leader to leader; others are passed over."),
        _("To be a leader in this bonus, it takes:"),
        is_own=True,
    ),
    "blocked": ReasonWords(
        _("Somebody below you has the same rate"),
        _("Only what your rate is above the highest rate below you is paid."),
        _("A higher rate than theirs is paid again. It takes:"),
        is_own=True,
    ),
    "too near": ReasonWords(
        _("Nearer to you than this bonus begins"),
        _("This bonus is paid from a later level or generation on."),
        _("Nothing is to be done: other bonuses pay on what is near."),
    ),
    "beyond": ReasonWords(
        _("A leader stands between"),
        _("In this bonus the way of an order ends at a rank that stands for itself."),
        _("Nothing is to be done: the leader's group is paid by bonuses on generations, if any."),
    ),
    "buyer": ReasonWords(
        _("Your own order"),
        _("This bonus does not pay on what you buy yourself."),
        _NOTHING,
    ),
    "group leader": ReasonWords(
        _("Your own group"),
        _("This bonus does not pay the leader of the group."),
        _NOTHING,
    ),
    "not in tree": ReasonWords(
        _("No place in this bonus’s tree"),
        _("Who sold has no place in the tree of this bonus, so that it paid nobody above."),
        _("It counts from the day on which they are placed."),
    ),
    "cap": ReasonWords(
        _("A limit was reached"),
        _("The plan limits what this bonus pays. What was above the limit is a line of its own."),
        _("Where the limit depends on your rank, a higher one raises it."),
    ),
    "used up": ReasonWords(
        _("Paired without pay"),
        _("Both legs were paired, but you could not be paid for it in this period."),
        _("To be paid for pairs, it takes:"),
        is_own=True,
    ),
    "flushed": ReasonWords(
        _("Not carried on"),
        _("The plan does not carry what is left in this leg into the next period."),
        _("Volume in the weaker leg pairs it before the period ends."),
    ),
    "lost": ReasonWords(
        _("Lost in the leg"),
        _("You could not be paired in this period, and the plan keeps nothing in that case."),
        _("To keep and pair it, it takes:"),
        is_own=True,
    ),
    "full": ReasonWords(
        _("The leg was full"),
        _("A leg carries only so much on; what was above that is lost."),
        _("Volume in the weaker leg pairs it before that."),
    ),
    "expired": ReasonWords(
        _("Carried for too long"),
        _("Volume that nobody pairs is lost after as many periods as the plan says."),
        _("Volume in the weaker leg pairs it before that."),
    ),
    "paid": ReasonWords(_("Paid"), _("It was paid."), _NOTHING),
    "counted": ReasonWords(_("In your leg"), _("It counts in one of your legs."), _NOTHING),
    "paired": ReasonWords(_("Paired"), _("It was paired with your other leg."), _NOTHING),
    "carried": ReasonWords(
        _("Waits in your leg"),
        _("It is carried into the next period."),
        _("Volume in the weaker leg pairs it."),
    ),
    "made good": ReasonWords(
        _("Set off"),
        _("The leg was below zero after goods came back; this made it good."),
        _NOTHING,
    ),
}
OTHER: Final = ReasonWords(
    _("Not paid"),
    _("The rules of this bonus did not pay it."),
    _("See “How we are paid” for the rules of this bonus."),
)


def words_of(code: str) -> ReasonWords:
    """Return the words for a reason; general ones for a code that has none yet."""
    return REASONS.get(code, OTHER)
