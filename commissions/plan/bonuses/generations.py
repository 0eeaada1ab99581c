"""What kinds have in common that count in levels or in generations."""

from __future__ import annotations

from commissions.plan.bonuses.reader import BonusReader


def check_generations(bonus: BonusReader) -> bool:
    """Tell whether the bonus counts in generations; leaders that do not fit that are noted."""
    if bonus.given.word("counted_in") == "generations":
        if not bonus.given.has("leaders"):
            bonus.refuse("leaders", "Generations need leaders.",
                         'Write leaders = ["Silver"], or count in levels.')  # fmt: skip
        return True
    for key in ("leaders", "leader_sales"):
        if bonus.given.has(key):
            bonus.refuse(key, "Levels have no leaders.",
                         'Write counted_in = "generations", or leave it out.')  # fmt: skip
    return False
