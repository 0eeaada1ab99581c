"""What no profile allows: words that stand for pay for joining, places or time.

The language has no kind of bonus and no volume for it. The reader asks here, so that the refusal
names the rule instead of an unknown word.
"""

from __future__ import annotations

from commissions.plan.lawful.law import Rule, rules


def broken_rule(text: str) -> Rule | None:
    """Return the rule that a kind of bonus, or what is to be paid on, breaks; None if it is good.

    >>> [rule.id if rule else None for rule in map(broken_rule, ["kit_bonus", "board", "binary"])]
    ['pay-for-joining', 'pay-for-places', None]
    """
    return next((rule for rule in rules().values() if rule.when_read and rule.finds(text)), None)


def why_refused(rule: Rule) -> str:
    """Return the reason for a refusal, with the rule's source.

    >>> why_refused(rules()["pay-for-time"]).endswith(" is paid for sales (26 U.S.C. 3508).")
    True
    """
    return f"{rule.why} ({rule.source})."


def rule_named(sentence: str) -> Rule | None:
    """Return the rule whose reason a mistake of the reader gives; None if it is another mistake."""
    return next(
        (rule for rule in rules().values() if rule.when_read and why_refused(rule) in sentence),
        None,
    )
