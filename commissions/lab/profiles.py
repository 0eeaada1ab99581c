"""Where the lab holds a plan against a profile of rules: docs/lawful.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commissions.plan.lawful.law import Severity, profiles
from commissions.plan.lawful.review import review
from commissions.plan.mistakes import closest, one_of

DEFAULT = "lab"


@dataclass(frozen=True, slots=True)
class Held:
    """A plan held against a profile, in sentences.

    `refused` is what the profile does not allow, `told` what somebody must sign or should know.
    """

    refused: list[str]
    told: list[str]
    worst_case: str = ""


def held_against(text: str, profile: str, markets: Sequence[str] = ()) -> Held:
    """Return what a profile says of a plan's text; one that does not exist is refused as well.

    `markets` are codes of markets that the plan need not name; the plan's own are looked at anyway.
    """
    if profile not in profiles():
        near = closest(profile, profiles())
        hint = f' Did you mean "{near}"?' if near else ""
        known = one_of(profiles())
        return Held([f'there is no profile "{profile}", only {known}.{hint}'], [])
    found = review(text, profile, markets)
    refused = [str(each) for each in found.findings if each.severity == Severity.REFUSE]
    told = [str(each) for each in found.findings if each.severity != Severity.REFUSE]
    return Held(refused, told, str(found.worst_case))
