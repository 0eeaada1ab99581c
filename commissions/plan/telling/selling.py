"""The kinds of bonus that pay on each sale, and matching, in plain words."""

from __future__ import annotations

from commissions.engine.plan import (
    DifferentialRule,
    GenerationRule,
    InfinityRule,
    MatchingRule,
    OrderOf,
    PersonalRule,
    SaleTime,
    UnilevelRule,
)
from commissions.plan.telling.document import Block, Sentence, Table
from commissions.plan.telling.points import within
from commissions.plan.telling.rates import rates_blocks, shown
from commissions.plan.telling.shared import compressed, leaders_blocks
from commissions.plan.telling.words import Words


def unilevel(words: Words, rule: UnilevelRule) -> list[Block]:
    """Return what a unilevel or a fast start pays."""
    volume, tree = words.volume(rule.pays_on), words.tree(rule.tree)
    blocks: list[Block] = [
        Sentence(f"You are paid on the {volume} of orders on your levels of {tree}."),
        *_newcomers(rule.when),
        Sentence(
            "A customer's order begins with the upline of the distributor who serves the customer, "
            "as that distributor's own order does."
            if rule.owner_left_out
            else "A customer's order is on level 1 of the distributor who serves the customer; a "
            "distributor's own order is on level 1 of the upline."
        ),
        compressed(rule.compression, "level", everybody=rule.everybody),
    ]
    if rule.of_the_tree:
        blocks.append(Sentence(
            "Levels are those of the tree: a level that somebody cannot be paid rolls up to the "
            "next person above who can, so that you may be paid several levels of one order."
        ))  # fmt: skip
    if rule.stop_at:
        blocks.append(Sentence(
            f"The way up ends with the first person who is paid as {words.rank(rule.stop_at)}."
        ))  # fmt: skip
    return blocks + rates_blocks(words, rule.rates, each="Level", of=f"the {volume}")


def _newcomers(when: SaleTime) -> list[Block]:
    if when == SaleTime():
        return []
    if when.orders == OrderOf.FIRST:
        return [Sentence("Only a buyer's first order counts.")]
    return [Sentence(f"Only orders{within(when)} count.")]


def personal(words: Words, rule: PersonalRule) -> list[Block]:
    """Return what a retail or personal bonus pays."""
    volume = words.volume(rule.pays_on)
    whose = f"the {volume} of your customers' orders" if rule.customers_only else f"your {volume}"
    blocks: list[Block] = [Sentence(f"You are paid on {whose}.")]
    if not rule.tiers:
        return blocks + rates_blocks(words, rule.rates)
    size = f"all that you sold in the {words.run_period}"
    if rule.by_sale:
        size = "each order line by itself"
    elif rule.by_buyer:
        size = f"all that one buyer bought in the {words.run_period}"
    blocks.append(Sentence(f"What is paid depends on the size of {size}."))
    if rule.rates.is_money:
        blocks.append(Sentence("The amount of the highest tier reached is paid for each sale."))
    elif rule.marginal:
        blocks.append(Sentence("Each rate is paid on the part that lies in its tier only."))
    else:
        blocks.append(Sentence("The rate of the highest tier reached is paid on all of it."))
    if rule.begins_with >= 0:
        name = words.volume(rule.begins_with)
        blocks.append(
            Sentence(f"The count begins with what your {name} was before this {words.period}.")
        )
    return [*blocks, tiers_table(words, rule, 0)]


def tiers_table(words: Words, rule: PersonalRule, market: int) -> Table:
    """Return the tiers of a market."""
    rates = rule.rates.table[market][0]
    rows = tuple(
        (words.points(size), shown(words, rule.rates, rate))
        for size, rate in zip(rule.tiers[market], rates, strict=True)
    )
    return Table(("From", "Paid"), rows)


def differential(words: Words, rule: DifferentialRule) -> list[Block]:
    """Return what a differential pays."""
    volume, tree = words.volume(rule.pays_on), words.tree(rule.tree)
    blocks: list[Block] = [Sentence(
        f"On the {volume} of every order below you in {tree} you are paid your own rate, less the "
        "highest rate of those between you and the buyer."
    )]  # fmt: skip
    if rule.buyer_paid:
        blocks.append(Sentence("On your own orders you are paid your own rate."))
    elif rule.buyer_counts:
        blocks.append(Sentence(
            "Your own orders pay you nothing, but your rate is taken off that of those above all "
            "the same."
        ))  # fmt: skip
    else:
        blocks.append(Sentence(
            "Your own orders pay you nothing, and your rate is not taken off that of those above."
        ))  # fmt: skip
    if rule.from_level:
        count = "count" if rule.lower_count else "do not count"
        blocks.append(Sentence(
            f"It is paid from level {rule.from_level} on; rates of those on lower levels {count}."
        ))  # fmt: skip
    if rule.unqualified_block:
        blocks.append(Sentence(
            "The rate of somebody who is not qualified counts all the same, and nobody is paid it."
        ))  # fmt: skip
    else:
        blocks.append(Sentence(
            "The rate of somebody who is not qualified does not count: what they are not paid "
            "passes up."
        ))  # fmt: skip
    if rule.breakaway:
        blocks.append(Sentence(
            f"Nothing is paid above the first person who is paid as {words.rank(rule.breakaway)}."
        ))  # fmt: skip
    return blocks + rates_blocks(words, rule.rates)


def generation(words: Words, rule: GenerationRule) -> list[Block]:
    """Return what a generation bonus pays."""
    volume, tree = words.volume(rule.pays_on), words.tree(rule.tree)
    blocks: list[Block] = [
        Sentence(
            f"You are paid on the {volume} of groups of leaders below you in {tree}. A group is a "
            "leader with everybody below, down to the next leaders; the leaders nearest below you "
            "are your first generation."
        ),
        *leaders_blocks(words, rule.leaders),
        compressed(rule.compression, "generation", everybody=rule.everybody),
        *rates_blocks(words, rule.rates, each="Generation", of=f"the {volume}"),
    ]
    if rule.own_group is not None:
        blocks += [Sentence("On your own group you are paid:")]
        blocks += rates_blocks(words, rule.own_group)
    if rule.less_leader:
        blocks.append(Sentence(
            "The rate of the group's own leader for the first generation is taken off yours; at "
            f"least {words.rate(rule.minimum_ppm)} is left."
        ))  # fmt: skip
    if rule.guarantee:
        blocks.append(Sentence(
            "Each leader guarantees the upline pay on at least "
            f"{words.points(rule.guarantee)} of the first generation: what is missing is moved "
            "from the leader's own first-generation pay."
        ))  # fmt: skip
    return blocks


def infinity(words: Words, rule: InfinityRule) -> list[Block]:
    """Return what an infinity bonus pays."""
    volume, tree = words.volume(rule.pays_on), words.tree(rule.tree)
    step = "generation" if rule.leaders else "level"
    blocks: list[Block] = [Sentence(
        f"You are paid on the {volume} of every order below you in {tree}, from {step} "
        f"{rule.begins} on, however deep."
    )]  # fmt: skip
    if rule.leaders:
        blocks += leaders_blocks(words, rule.leaders)
    else:
        blocks.append(compressed(rule.compression, "level", everybody=rule.everybody))
    if rule.first_takes_all:
        blocks.append(Sentence("The first who has a rate is paid all of it, and nobody above."))
    else:
        blocks.append(Sentence("You are paid your rate, less the highest rate already paid below."))
    return blocks + rates_blocks(words, rule.rates)


def matching(words: Words, rule: MatchingRule) -> list[Block]:
    """Return what a matching bonus pays."""
    step = "generation" if rule.leaders else "level"
    blocks: list[Block] = [Sentence(
        f"You are paid a share of what others below you in {words.tree(rule.tree)} are paid by "
        f"{words.bonuses(rule.of)}."
    )]  # fmt: skip
    if rule.leaders:
        blocks.append(Sentence("Shares are by generation: leaders are counted on the way up."))
        blocks += leaders_blocks(words, rule.leaders)
    blocks.append(compressed(rule.compression, step, everybody=rule.everybody))
    paid = "what is paid"
    return blocks + rates_blocks(words, rule.rates, each=step.capitalize(), of=paid)
