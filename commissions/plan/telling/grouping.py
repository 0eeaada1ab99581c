"""The kinds of bonus that rest on many sales at once, in plain words."""

from __future__ import annotations

from commissions.engine.plan import (
    BinaryRule,
    FullLevelRule,
    PeopleFigure,
    PoolRule,
    RewardRule,
    StructureRule,
)
from commissions.plan.telling.asking import Asked, everybody_or, required
from commissions.plan.telling.document import Block, Listing, Sentence, Table
from commissions.plan.telling.rates import rates_blocks
from commissions.plan.telling.words import THEY, YOU, Words, count

OWN_VOLUME = (
    "Your own volume is in neither leg.",
    "Your own volume is in your left leg.",
    "Your own volume is in your right leg.",
    "Your own volume is in the leg that has less.",
)
CARRIED = (
    "What is left in both legs is carried to the next {period}.",
    "What is left in the leg that has less is carried to the next {period}; the other loses it.",
    "What is left in the legs is lost.",
)
UNQUALIFIED = (
    "While you are not qualified, all volume is kept for you.",
    "While you are not qualified, new volume is lost.",
    "While you are not qualified, the leg that has more loses its volume.",
    "While you are not qualified, both legs lose their volume.",
    "While you are not qualified, your legs are paired all the same, and nothing is paid.",
)


def binary(words: Words, rule: BinaryRule) -> list[Block]:
    """Return what a binary pays."""
    volume = words.volume(rule.pays_on)
    blocks: list[Block] = [
        Sentence(
            f"The {volume} of everybody in your left leg and in your right leg of "
            f"{words.tree(rule.tree)} is paired."
        ),
        Sentence(OWN_VOLUME[rule.own_volume]),
    ]
    if rule.rates is not None:
        blocks.append(Sentence("You are paid on the leg that has less; that much leaves both."))
        if rule.ratio:
            blocks.append(Sentence(
                "The rate is multiplied by the smaller leg over the larger leg."
            ))  # fmt: skip
        blocks += rates_blocks(words, rule.rates)
    else:
        blocks += _cycles(words, rule)
    return [*blocks, *_carried(words, rule), Sentence(UNQUALIFIED[rule.unqualified])]


def _cycles(words: Words, rule: BinaryRule) -> list[Block]:
    blocks: list[Block] = []
    for number, cycle in enumerate(rule.cycles):
        times = "each further cycle" if number else "each cycle"
        if cycle.times:
            times = f"the {'next' if number else 'first'} {count(cycle.times, 'cycle')}"
        blocks.append(Sentence(
            f"For {times}, {words.points(cycle.strong)} are taken from the leg that has more and "
            f"{words.points(cycle.weak)} from the other, each time."
        ))  # fmt: skip
        of = "" if cycle.pays.is_money else words.points(cycle.of)
        blocks += rates_blocks(words, cycle.pays, of=of)
    if len(rule.cycles) > 1:
        blocks.append(Sentence(
            "Cycles are counted for good." if rule.steps_for_good
            else f"Cycles are counted anew in each {words.run_period}."
        ))  # fmt: skip
    if rule.most_cycles:
        beyond = "use up volume and pay nothing" if rule.beyond_used_up else "stay for later"
        most, are = count(rule.most_cycles, "cycle"), "is" if rule.most_cycles == 1 else "are"
        blocks.append(Sentence(
            f"At most {most} in a {words.run_period} {are} paid; those beyond {beyond}."
        ))  # fmt: skip
    return blocks


def _carried(words: Words, rule: BinaryRule) -> list[Block]:
    blocks: list[Block] = [Sentence(CARRIED[rule.carry].format(period=words.run_period))]
    if rule.carry_most:
        blocks.append(Sentence(f"A leg never carries more than {words.points(rule.carry_most)}."))
    if rule.carry_expires:
        age = count(rule.carry_expires, words.run_period)
        blocks.append(Sentence(f"Volume is lost after {age}; the oldest is used first."))
    return blocks


def full_level(words: Words, rule: FullLevelRule) -> list[Block]:
    """Return what full levels pay."""
    volume = words.volume(rule.pays_on)
    on = f", if there is {volume} on it" if rule.rates.is_money else f", on the {volume} there"
    return [
        Sentence(
            f"You are paid for each level below you in {words.tree(rule.tree)} of which every "
            f"place is taken by somebody who counts{on}."
        ),
        *everybody_or(words, rule.counted, "Somebody counts when all of this is so",
                      "Everybody counts."),
        Sentence("Each level is paid once for good." if rule.once
                 else f"Each full level is paid in every {words.run_period}."),
        *rates_blocks(words, rule.rates, each="Level", of="the volume there"),
    ]  # fmt: skip


def structure(words: Words, rule: StructureRule) -> list[Block]:
    """Return what a filled shape pays."""
    blocks: list[Block] = [Sentence(
        f"You are paid for a shape in {words.tree(rule.tree)} in which everybody has "
        f"{count(rule.width, 'person', 'people')} directly below. You have the first stage when "
        f"{rule.width} directly below you belong to it, and each further stage when {rule.width} "
        "directly below you have the stage before."
    )]  # fmt: skip
    blocks += required(words, rule.person, "Everybody in the shape meets all of this", THEY)
    blocks += required(words, rule.head, "Whoever has others of the shape below meets this, too",
                       THEY)  # fmt: skip
    blocks.append(Sentence(
        "Every stage that you have is paid." if rule.each else "The highest stage is paid."
    ))  # fmt: skip
    if rule.sets:
        blocks.append(Sentence(
            "When all stages of a set are reached, your next legs may make another set."
        ))  # fmt: skip
    return [*blocks, stages_table(words, rule, 0)]


def stages_table(words: Words, rule: StructureRule, market: int) -> Table:
    """Return the money of each stage in a market."""
    rows = tuple((f"{k}", words.money(pay)) for k, pay in enumerate(rule.pays[market], start=1))
    return Table(("Stage", "Paid"), rows)


def pool(words: Words, rule: PoolRule) -> list[Block]:
    """Return how a fund is shared."""
    blocks: list[Block] = [Sentence(
        f"The fund is {words.rate(rule.fund_ppm)} of the worth of everybody's "
        f"{words.volume(rule.fund_of)}."
    )]  # fmt: skip
    if rule.places_ppm:
        items = tuple(
            f"Place {k}: {words.rate(ppm)} of the fund"
            for k, ppm in enumerate(rule.places_ppm, start=1)
        )
        by = f"Those who qualify are ranked by their {words.volume(rule.shares)}"
        kept = "What no place is paid stays with the company."
        return [*blocks, Listing(f"{by}, and are paid:", items), Sentence(kept)]
    if rule.shares >= 0:
        blocks.append(Sentence(
            f"It is parted among those who qualify, a share for each point of their "
            f"{words.volume(rule.shares)}."
        ))  # fmt: skip
    else:
        blocks.append(Sentence("It is parted among those who qualify, in equal shares."))
    rest = (
        "A share's worth is cut to the smallest unit of money; the rest stays with the company."
        if rule.rest_kept
        else "All of it is paid out, to the last unit."
    )
    return [*blocks, Sentence(rest)]


def reward(words: Words, rule: RewardRule) -> list[Block]:
    """Return what a reward pays."""
    blocks: list[Block] = [Sentence(
        "You are paid once in your life for each of these ranks that you reach."
        if rule.once
        else f"You are paid a fixed amount in each {words.run_period}."
    )]  # fmt: skip
    if rule.for_each >= 0:
        figure = words.plan.figures[rule.for_each]
        if not isinstance(figure, PeopleFigure):
            raise TypeError(f"{figure.name} counts nobody")
        blocks.append(Sentence(f"It is paid for {Asked(words, YOU).people(figure, 0)}."))
    if rule.within_days:
        blocks.append(Sentence(f"Only in your first {count(rule.within_days, 'day')}."))
    if rule.within_months:
        months = count(rule.within_months, "calendar month")
        blocks.append(Sentence(f"Only in your first {months}."))
    whose = f"of those below you in {words.tree(rule.tree)}"
    if rule.for_each >= 0:
        whose = "of the people counted"
    blocks.append(Sentence(
        f"It rests on the sales of yourself and {whose}; without any it is not paid."
    ))  # fmt: skip
    return blocks + rates_blocks(words, rule.pays)
