"""What is never lawful, refused with the reason: pay for joining, and whatever stands for it.

The language has no words for most of it, so a refusal is mostly a better answer than "unknown".
"""

from __future__ import annotations

JOINING = {
    "join", "joining", "enrol", "enroll", "enrolment", "enrollment", "recruit", "recruiting",
    "recruitment", "signup", "sign-up", "registration", "activation", "kit", "kits", "starter",
    "starter-kit", "pack", "welcome-pack", "upgrade", "renewal", "training", "fee", "fees",
    "membership", "headcount", "head-count", "heads",
}  # fmt: skip
"""Words for what may not be paid on."""

BOARDS = {"board", "boards", "cycler", "cyclers", "revolver"}
"""Words for plans that pay for new places instead of sales."""

WHY_NOT = (
    "Pay for joining, kits, training or fees is what makes a pyramid scheme unlawful "
    "(In re Koscot Interplanetary, 86 F.T.C. 1106; Competition Act of Canada, s. 55.1)."
)
WHY_NO_BOARDS = (
    "A board pays when new places are filled, not when goods are sold, which is what makes a "
    "pyramid scheme unlawful (In re Koscot Interplanetary, 86 F.T.C. 1106)."
)


def words_of(text: str) -> set[str]:
    """Return a word and the words it is made of.

    >>> sorted(words_of("starter_kit"))
    ['kit', 'starter', 'starter-kit']
    """
    word = text.lower().replace("_", "-").replace(" ", "-")
    return {word, *word.split("-")}


def is_pay_for_joining(text: str) -> bool:
    """Tell whether a kind of bonus, or what it pays on, is about people who join.

    >>> is_pay_for_joining("kit_bonus"), is_pay_for_joining("board"), is_pay_for_joining("binary")
    (True, True, False)
    """
    return not words_of(text).isdisjoint(JOINING | BOARDS)


def why_not(text: str) -> str:
    """Return the reason for which it is refused."""
    return WHY_NO_BOARDS if not words_of(text).isdisjoint(BOARDS) else WHY_NOT
