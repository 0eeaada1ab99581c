"""What is told of every bonus: to whom it is paid, limits, rounding, what a return does."""

from __future__ import annotations

from commissions.engine.plan import (
    BonusRule,
    Cap,
    Compression,
    Leaders,
    OnReturn,
    RoundAt,
)
from commissions.engine.rounding import PPM
from commissions.plan.telling.asking import required
from commissions.plan.telling.document import Block, Sentence
from commissions.plan.telling.rates import limits_blocks
from commissions.plan.telling.words import THEY, Words

ROUNDED = {
    RoundAt.BONUS: "What you are paid by this bonus is added up exactly and rounded once.",
    RoundAt.EARNER: (
        "What you are paid by this bonus is added up exactly, together with other bonuses that are "
        "rounded like this, and rounded once."
    ),
}
RETURNED = {
    OnReturn.VOLUME: (
        "When goods come back later, their volume is taken off the legs; nothing that was paid is "
        "taken back."
    ),
    OnReturn.SHARE: (
        "When goods come back later, the same share of what was paid on them and others together "
        "is taken back."
    ),
    OnReturn.NONE: "When goods come back later, nothing is taken back.",
}
YOU_MUST = "You must be active to be paid this."
COMPRESSED = {
    Compression.NONE: "Everybody on the way up uses up a {step}, paid or not.",
    Compression.INACTIVE: "Who is not active is passed over and uses up no {step}.",
    Compression.DYNAMIC: (
        "Who cannot be paid a {step} (not active, not qualified, or without a rate for it) is "
        "passed over and uses up none."
    ),
}


def who_blocks(words: Words, rule: BonusRule) -> list[Block]:
    """Return who can be paid a bonus."""
    asked = rule.requires[0]
    if not asked:
        also = "You need not be active to be paid this." if rule.everybody else YOU_MUST
        return [Sentence(also)]
    also = "active or not, " if rule.everybody else "you are active and "
    return required(words, asked, f"You are paid this when {also}all of this is so")


def ending_blocks(words: Words, rule: BonusRule) -> list[Block]:
    """Return a bonus's rhythm, its limits, and what happens to cents and returns."""
    blocks: list[Block] = []
    if rule.part_ppm != PPM:
        blocks.append(Sentence(f"Only {words.rate(rule.part_ppm)} of the volume is paid on."))
    if rule.cadence:
        blocks.append(Sentence(
            f"It is worked out every {words.run_period}; points, activity and ranks are those of "
            f"the {words.period} so far."
        ))  # fmt: skip
    if rule.cap is not None:
        blocks += cap_blocks(words, rule.cap)
    if rule.round_at in ROUNDED:
        blocks.append(Sentence(ROUNDED[rule.round_at]))
    if rule.on_return in RETURNED:
        blocks.append(Sentence(RETURNED[rule.on_return]))
    return blocks


def cap_blocks(words: Words, cap: Cap) -> list[Block]:
    """Return a bonus's limits."""
    blocks: list[Block] = []
    for level, most in enumerate(cap.per_buyer, start=1):
        blocks.append(Sentence(
            f"One buyer's orders pay you at most {words.money(most)} in a {words.run_period} on "
            f"level {level}."
        ))  # fmt: skip
    if cap.per_earner is not None:
        blocks += limits_blocks(words, cap.per_earner, 0)
    if cap.per_holder is not None:
        blocks.append(Sentence(
            "All places of one person or company together are paid at most "
            f"{words.money(cap.per_holder)} in a {words.run_period}."
        ))  # fmt: skip
    if cap.total is not None:
        blocks.append(Sentence(
            f"Everybody together is paid at most {limit(words, cap.total, cap.total_of)}; if it "
            "would be more, everybody's part is lowered by one factor."
        ))  # fmt: skip
    return blocks


def limit(words: Words, amount: int, of: int) -> str:
    """Return a limit: an amount, or a part of everybody's volume."""
    if of < 0:
        return words.money(amount)
    return f"{words.rate(amount)} of the worth of everybody's {words.volume(of)}"


def compressed(rule_compression: Compression, step: str, *, everybody: bool) -> Sentence:
    """Return who is passed over on the way up."""
    if everybody and rule_compression == Compression.INACTIVE:
        return Sentence(f"Nobody is passed over for not being active. Everybody uses up a {step}.")
    return Sentence(COMPRESSED[rule_compression].format(step=step))


def leaders_blocks(words: Words, leaders: Leaders) -> list[Block]:
    """Return who is a leader, and where a leader's own sales belong."""
    blocks: list[Block]
    if leaders.rank_of_earner:
        blocks = [Sentence(
            "For you, leaders are those who are paid as your own rank or a higher one."
        )]  # fmt: skip
    else:
        blocks = required(words, leaders.who, "A leader is whoever meets all of this", THEY)
    if leaders.sales_above:
        return [*blocks, Sentence("A leader's own sales belong to the group of the leader above.")]
    return [*blocks, Sentence("A leader's own sales belong to the leader's own group.")]
