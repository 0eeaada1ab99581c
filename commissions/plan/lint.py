"""What is never lawful, refused with the reason: pay for joining, and whatever stands for it.

The language has no words for most of it, so a refusal is mostly a better answer than "unknown". The
words and the reasons are data of `lawful`.
"""

from __future__ import annotations

from commissions.plan.lawful.never import broken_rule, why_refused


def is_pay_for_joining(text: str) -> bool:
    """Tell whether a kind of bonus, or what it pays on, is about people who join.

    >>> is_pay_for_joining("kit_bonus"), is_pay_for_joining("board"), is_pay_for_joining("binary")
    (True, True, False)
    """
    return broken_rule(text) is not None


def why_not(text: str) -> str:
    """Return the reason for which it is refused, nothing if it is not."""
    rule = broken_rule(text)
    return why_refused(rule) if rule else ""
