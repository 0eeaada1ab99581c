"""The grammar of all phrases. Names come in already told apart: RANK, VOLUME, TREE."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lark import Lark, Token
from lark.lexer import Lexer
from typing_extensions import override

from commissions.plan.phrases.meaning import ToSaid

GRAMMAR = r"""
requirement: any_of
any_of: all_of ("or" all_of)*
all_of: one ("and" one)*
?one: "(" any_of ")"
    | ACTIVE                                                            -> ask_active
    | RANK                                                              -> own_rank
    | "title" RANK                                                      -> own_title
    | "was" RANK                                                        -> was_rank
    | RANK "in" NUMBER "of" "the" NUMBER ("periods" | "period") "before" -> rank_before
    | operand at_least NUMBER                                           -> ask_at_least
    | operand at_least PERCENT "of" operand                             -> ask_share
    | operand at_least NUMBER "," _at_most_of_it                        -> ask_limited
    | operand at_least NUMBER "," _at_most_of_it OR_ONESELF             -> ask_limited
    | customers at_least NUMBER                                         -> ask_count
    | people at_least NUMBER                                            -> ask_count
    | _since "<" NUMBER                                                 -> joined_below
    | _since at_least NUMBER                                            -> joined_for
at_least: ">=" | "are" "at" "least"
_at_most_of_it: "at" "most" PERCENT "of" "it" "from" "one" "leg"
_since: (DAYS | MONTHS) "since" "joining"
?operand: VOLUME                                                        -> word
    | "lifetime" VOLUME                                                 -> lifetime

customers: "customers" "with" operand at_least NUMBER
?people: FRONTLINE "with" condition ["in" TREE]                         -> frontline
    | DOWNLINE ["within" NUMBER _levels] "with" condition ["in" TREE]   -> downline
    | LEGS "with" condition ["in" TREE]                                 -> legs
    | ENROLLED "with" condition                                         -> enrolled
    | ENROLLED "with" condition "in" "the" (LEFT | RIGHT) "leg" "of" TREE -> enrolled
_levels: "levels" | "level"
condition: simple ("and" simple)*
?simple: ACTIVE                                                         -> ask_active
    | RANK                                                              -> own_rank
    | "title" RANK                                                      -> own_title
    | operand at_least NUMBER                                           -> ask_at_least

?volume: first more*                                                    -> sum
    | SMALL "of" whose [FIRST | LATER] "orders"                         -> orders
    | SMALL "of" whose [FIRST | LATER] "orders" _when                   -> orders
    | VOLUME "of" scope ["without" RANK "groups"] ["in" TREE]           -> group
    | VOLUME "of" "compressed" "orders"                                 -> compressed
    | "lifetime" VOLUME                                                 -> lifetime
    | VOLUME "of" "the" "last" NUMBER "periods"                         -> last_periods
    | VOLUME "of" "the" "period" "before"                               -> period_before
    | "growth" "of" VOLUME                                              -> growth
?first: VOLUME                                                          -> whole_part
    | PERCENT "of" VOLUME                                               -> share_part
?more: "+" first                                                        -> added
    | "-" first                                                         -> taken_off
_when: (WITHIN | AFTER) NUMBER unit "of" "joining"
whose: "own"                                                            -> own
    | "customers'"                                                      -> of_customers
    | "own" "and" "customers'"                                          -> both
unit: "days"                                                            -> days
    | "day"                                                             -> days
    | "months"                                                          -> months
    | "month"                                                           -> months
?scope: SELF "and" "downline"                                           -> self_and_downline
    | DOWNLINE                                                          -> all_below
    | SELF "and" "frontline"                                            -> self_and_frontline
    | FRONTLINE                                                         -> level_one
    | LEVELS NUMBER "to" NUMBER                                         -> levels
    | LEVEL NUMBER                                                      -> levels
    | THE "largest" "leg"                                               -> largest_leg
    | ALL "but" "the" "largest" "leg"                                   -> all_but_largest
    | THE LEFT "leg"                                                    -> side_leg
    | THE RIGHT "leg"                                                   -> side_leg
    | THE "weaker" "leg"                                                -> weaker_leg
    | THE "stronger" "leg"                                              -> stronger_leg

share_of: PERCENT "of" VOLUME
within: NUMBER unit                                                     -> within_time
    | "first" "order"                                                   -> first_order

ACTIVE: "active"
AFTER: "after"
ALL: "all"
DAYS: "days"
DOWNLINE: "downline"
ENROLLED: "enrolled"
FIRST: "first"
FRONTLINE: "frontline"
LATER: "later"
LEFT: "left"
LEGS: "legs"
LEVEL: "level"
LEVELS: "levels"
MONTHS: "months"
RIGHT: "right"
SELF: "self"
THE: "the"
WITHIN: "within"
%declare NUMBER OR_ONESELF PERCENT RANK SMALL TREE VOLUME
"""


class Ready(Lexer):
    """Passes on words that were told apart before, with the plan's names in mind."""

    def __init__(self, configuration: Any) -> None:
        del configuration

    @override
    def lex(self, lexer_state: Any, parser_state: Any = None) -> Iterator[Token]:
        yield from lexer_state


PARSER = Lark(
    GRAMMAR, parser="lalr", lexer=Ready, transformer=ToSaid(), maybe_placeholders=True,
    start=["requirement", "volume", "operand", "people", "share_of", "within"],
)  # fmt: skip
KEYWORDS: dict[str, str] = {
    one.pattern.value: one.name for one in PARSER.terminals if hasattr(one.pattern, "value")
}
"""From a word of the language to the name that the grammar has for it."""
