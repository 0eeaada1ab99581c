"""What is never lawful, refused with the reason: pay for joining, and more than a sale brings.

So far the language has no words for most of it, so a refusal is mostly a better answer than
"unknown". The jurisdiction profiles come with the wider language.
"""

from __future__ import annotations

from commissions.plan.mistakes import Mistakes, Place

JOINING = {
    "join", "joining", "enrol", "enroll", "enrolment", "enrollment", "recruit", "recruiting",
    "recruitment", "signup", "sign-up", "registration", "activation", "kit", "kits", "starter",
    "starter-kit", "pack", "welcome-pack", "upgrade", "renewal", "training", "fee", "fees",
    "membership", "board", "cycler", "headcount", "head-count", "heads",
}  # fmt: skip
"""Words for what may not be paid on."""

LATER_KINDS = {
    "retail", "retail-profit", "differential", "stairstep", "generation", "generations",
    "infinity", "matching", "match", "coded", "fast-start", "customer-acquisition", "binary",
    "matrix", "pass-up", "pool", "structure", "guarantee",
}  # fmt: skip

WHY_NOT = (
    "Pay for joining, kits, training or fees is what makes a pyramid scheme unlawful "
    "(In re Koscot Interplanetary, 86 F.T.C. 1106; Competition Act of Canada, s. 55.1)."
)
WHOLE_PPM = 1_000_000


def words_of(text: str) -> set[str]:
    """Return a word and the words it is made of.

    >>> sorted(words_of("starter_kit"))
    ['kit', 'starter', 'starter-kit']
    """
    word = text.lower().replace("_", "-").replace(" ", "-")
    return {word, *word.split("-")}


def is_pay_for_joining(text: str) -> bool:
    """Tell whether a kind of bonus, or what it pays on, is about people who join."""
    return not words_of(text).isdisjoint(JOINING)


def check_worst_case(ppm_by_base: dict[str, int], place: Place, mistakes: Mistakes) -> None:
    """Refuse bonuses that together could pay more than all of a sale's volume is worth."""
    total = sum(ppm_by_base.values())
    if total > WHOLE_PPM:
        percent = f"{total // 10_000}.{total % 10_000:04d}".rstrip("0").rstrip(".")
        mistakes.add(
            place, "bonus", f"One sale could pay {percent}% of what its points are worth.",
            "Lower the rates: the highest of each level, over all bonuses, may add up to 100%.",
        )  # fmt: skip
