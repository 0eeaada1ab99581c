"""Who is active, and how ranks are reached and kept."""

from __future__ import annotations

from commissions.engine.plan import Rank, Requirements
from commissions.plan.telling.asking import required
from commissions.plan.telling.document import Block, Section, Sentence
from commissions.plan.telling.words import Words, count


def active_section(words: Words) -> Section:
    """Return who is active."""
    return Section("Being active", tuple(active_blocks(words, words.plan.active[0])))


def active_blocks(words: Words, asked: Requirements) -> list[Block]:
    """Return what it takes to be active."""
    intro = f"You are active in a {words.period} in which all of this is so"
    return required(words, asked, intro) or [Sentence("Everybody is active.")]


def ranks_section(words: Words) -> Section:
    """Return every rank, the lowest first, and how ranks are kept."""
    ranks = tuple(
        Section(rank.name, tuple(rank_blocks(words, rank, 0))) for rank in words.plan.ranks
    )
    return Section("Ranks", tuple(_keeping(words)), ranks)


def rank_blocks(words: Words, rank: Rank, market: int) -> list[Block]:
    """Return what a rank requires, to be reached and to be kept."""
    asked, kept = rank.require[market], rank.maintain[market]
    blocks = required(words, asked, "You reach this rank when all of this is so")
    if not asked:
        blocks = [Sentence("Everybody reaches this rank.")]
    if kept is None:
        return blocks
    intro = f"Who was paid as this rank or a higher one in the {words.period} before keeps it"
    return [*blocks, *(required(words, kept, f"{intro} when all of this is so") or
                       [Sentence(f"{intro}, whatever happens.")])]  # fmt: skip


def _keeping(words: Words) -> list[Block]:
    keeping, period = words.plan.keeping, words.period
    blocks: list[Block] = [
        Sentence(
            "Each rank is looked at by itself: those below it need not be met. The highest that "
            f"you reach is the rank of the {period}."
        )
    ]
    if keeping.window_of:
        falls = "by one rank" if keeping.falls_one_step else f"to the rank of the {period}"
        missed = count(keeping.window_of - keeping.window_met, period)
        blocks.append(Sentence(
            f"You carry the highest rank you have reached as your title. You lose it, {falls}, "
            f"when you missed it in more than {missed} of the last {keeping.window_of}; what was "
            "before you had it does not count."
        ))  # fmt: skip
    else:
        blocks.append(Sentence(
            "You carry the highest rank you have ever reached as your title, for good."
        ))  # fmt: skip
    follows = "your title" if keeping.by_title else f"the rank of the {period}"
    blocks.append(Sentence(f"You are paid as {follows} says."))
    if keeping.grace:
        blocks.append(Sentence(
            f"If you fall below the rank you were paid as, you are paid as that rank for "
            f"{count(keeping.grace, f'more {period}')} all the same."
        ))  # fmt: skip
    return blocks
