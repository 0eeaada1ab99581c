"""The small sentences inside a plan: requirements and volumes, read by a grammar."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lark import Lark, Token
from lark.exceptions import UnexpectedInput

from commissions.engine.plan import Asks, Column, Orders
from commissions.plan.mistakes import closest, one_of

GRAMMAR = r"""
requirement: "active"                                                       -> active
           | VOLUME AT_LEAST NUMBER                                          -> at_least
           | "customers" "with" VOLUME AT_LEAST NUMBER "are" "at" "least" NUMBER -> customers
volume: COLUMN "of" orders "orders"              -> personal
      | VOLUME "of" "self" "and" "downline"      -> group
orders: "own" -> own
      | "customers'" -> of_customers
      | "own" "and" "customers'" -> both
COLUMN.2: /[a-z]+(?=\s+of\b)/
VOLUME: /[A-Z][A-Z0-9]*/
AT_LEAST: ">="
NUMBER: /\d[\d.,_]*/
%ignore /[ \t]+/
"""

PARSER = Lark(GRAMMAR, parser="lalr", start=["requirement", "volume"], maybe_placeholders=False)

COLUMNS = {"pv": Column.PV, "cv": Column.CV}
ORDERS = {"own": Orders.OWN, "of_customers": Orders.CUSTOMERS, "both": Orders.BOTH}
WRITE_REQUIREMENT = 'Write "active", "GV >= 2000" or "customers with PV >= 40 are at least 3".'
WRITE_VOLUME = 'Write "pv of own and customers\' orders" or "PV of self and downline".'
REQUIREMENT_WORDS = "active customers with are at least PV CV GV".split()
VOLUME_WORDS = "of own and customers' orders self downline PV CV GV pv cv".split()
LATER = ("leg", "legs", "lines", "generation", "generations", "months", "last", "lifetime", "team")
MAX_POINTS = Decimal(10**12)


class BadPhrase(Exception):
    """A phrase that cannot be read, with the place in it (from 0)."""

    def __init__(self, offset: int, problem: str, remedy: str, suggestion: str = "") -> None:
        super().__init__(problem)
        self.offset = offset
        self.problem = problem
        self.remedy = remedy
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class RequirementPhrase:
    """A requirement as written: `points` in hundredths, `number` of customers."""

    asks: Asks
    volume: str = ""
    volume_at: int = 0
    points: int = 0
    number: int = 1
    counts: str = ""


@dataclass(frozen=True, slots=True)
class VolumePhrase:
    """A volume as written: a product column over orders, or another volume over the downline."""

    column: Column | None = None
    orders: Orders = Orders.BOTH
    of: str = ""


def read_requirement(text: str) -> RequirementPhrase:
    """Return what a requirement says.

    >>> read_requirement("GV >= 2000.50").points
    200050
    """
    tree = _parsed(text, "requirement", WRITE_REQUIREMENT)
    if tree.data == "active":
        return RequirementPhrase(Asks.ACTIVE)
    volume, at, figure = tree.children[0], tree.children[0], tree.children[2]
    points = hundredths(figure)
    if tree.data == "at_least":
        return RequirementPhrase(Asks.VOLUME, str(volume), _offset(at), points)
    if points == 0:
        raise BadPhrase(
            _offset(figure), "That counts heads: a customer must have bought something.",
            "Write how many points each has bought, above zero.",
        )  # fmt: skip
    return RequirementPhrase(
        Asks.CUSTOMERS, str(volume), _offset(at), points, _whole(tree.children[3]),
        f"customers with {volume} >= {figure}",
    )  # fmt: skip


def read_volume(text: str) -> VolumePhrase:
    """Return what a volume is made of.

    >>> read_volume("pv of own and customers' orders").orders.name
    'BOTH'
    """
    tree = _parsed(text, "volume", WRITE_VOLUME)
    if tree.data == "group":
        return VolumePhrase(of=str(tree.children[0]))
    column, orders = tree.children
    if str(column) not in COLUMNS:
        raise BadPhrase(_offset(column), f"Products carry no {str(column)!r}.",
                        f"Write {one_of(COLUMNS)}.", closest(str(column), COLUMNS))  # fmt: skip
    return VolumePhrase(column=COLUMNS[str(column)], orders=ORDERS[orders.data])


def hundredths(figure: Token) -> int:
    """Return a figure in points as hundredths, exactly."""
    digits, _, decimals = figure.partition(".")
    if not digits.isdigit() or (decimals and not decimals.isdigit()) or figure.endswith("."):
        raise BadPhrase(_offset(figure), f"{figure} is not a number of points.",
                        'Write digits only, for example "2000" or "2000.50".')  # fmt: skip
    if len(decimals) > 2 or Decimal(figure) > MAX_POINTS:
        raise BadPhrase(_offset(figure), f"{figure} has too many digits.",
                        "Write at most 2 decimals, and at most 1000000000000.")  # fmt: skip
    return int(Decimal(figure) * 100)


def _whole(figure: Token) -> int:
    if not figure.isdigit() or not 0 < int(figure) <= 1_000_000:
        raise BadPhrase(_offset(figure), f"{figure} is not a number of customers.",
                        "Write a whole number from 1 to 1000000.")  # fmt: skip
    return int(figure)


def _offset(token: Token) -> int:
    return token.start_pos or 0


def _parsed(text: str, start: str, remedy: str) -> Any:
    try:
        return PARSER.parse(text, start=start)
    except UnexpectedInput as error:
        words = REQUIREMENT_WORDS if start == "requirement" else VOLUME_WORDS
        raise _refusal(text, error, remedy, words) from error


def _refusal(text: str, error: UnexpectedInput, remedy: str, words: list[str]) -> BadPhrase:
    token = getattr(error, "token", None)
    at: int = getattr(error, "pos_in_stream", None) or 0
    if (token is not None and token.type == "$END") or at >= len(text):
        return BadPhrase(len(text.rstrip()), "Something is missing at the end.", remedy)
    word = text[at:].split()[0]
    if any(later in text.split() for later in LATER):
        return BadPhrase(at, f"{word!r} is not understood: legs, teams, generations and earlier "
                         "periods are not supported yet.", remedy)  # fmt: skip
    if word in {">", "<", "<=", "=", "==", "=>"}:
        return BadPhrase(
            at, f"{word!r} is not understood.", 'Write ">=", which means "at least".', ">="
        )
    return BadPhrase(at, f"{word!r} is not understood here.", remedy, closest(word, words))
