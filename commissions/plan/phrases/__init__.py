"""The small sentences inside a plan: requirements, volumes, shares, read by a grammar.

`read_phrase` returns what a phrase says, with the place of each word in it; what the names mean
together is the business of whoever asked.
"""

from __future__ import annotations

from typing import Any, Literal

from lark.exceptions import UnexpectedToken

from commissions.plan import limits, lint
from commissions.plan.mistakes import closest, listed
from commissions.plan.phrases.grammar import KEYWORDS, PARSER
from commissions.plan.phrases.said import BadPhrase
from commissions.plan.phrases.words import (
    Names,
    is_plain,
    no_rank,
    no_volume,
    unquoted_rank,
    words_of,
)

__all__ = ["BadPhrase", "Names", "Start", "is_plain", "no_rank", "no_volume", "read_phrase"]

Start = Literal["requirement", "volume", "operand", "people", "share_of", "within"]

REMEDIES: dict[Start, str] = {
    "requirement": 'Write "active", "GV >= 2000" or "customers with PV >= 40 are at least 3".',
    "volume": 'Write "pv of own and customers\' orders" or "PV of self and downline".',
    "operand": 'Write the name of a volume, or "lifetime PV".',
    "people": 'Write "frontline with PV >= 600".',
    "share_of": 'Write "2% of CV".',
    "within": 'Write "60 days" or "3 months".',
}
COMPARISONS = {">", "=", "==", "=>", "≥"}
LESS = {"<", "<=", "≤", "=<"}
NOUNS = {
    "NUMBER": "a number",
    "PERCENT": "a per cent",
    "RANK": "the name of a rank",
    "SMALL": "a column of the products",
    "TREE": "the name of a tree",
    "VOLUME": "the name of a volume",
}
WORDS = {kind: word for word, kind in KEYWORDS.items()}


def read_phrase(start: Start, text: str, names: Names) -> tuple[Any, list[BadPhrase]]:
    """Return what a phrase says (None if it cannot be read), and what is wrong with it.

    >>> names = Names(ranks=["Silver"], volumes=["GV"])
    >>> read_phrase("requirement", "legs with Silver >= 2", names)[0].asks[0].number.text
    '2'
    >>> read_phrase("requirement", "GV => 2", names)[1][0].problem
    "'=>' is not understood."
    """
    if len(text) > limits.PHRASE:
        problem = f"A phrase has at most {limits.PHRASE} letters."
        return None, [BadPhrase(0, problem, "Write two shorter ones.")]
    words = words_of(text, names, KEYWORDS)
    if names.wrong:
        return None, list(names.wrong)
    try:
        return PARSER.parse(words, start=start), []
    except UnexpectedToken as error:
        return None, [_refusal(text, start, error, names)]


def _what_may_stand(accepts: set[str]) -> str:
    """Return what may stand at a place, if that is little enough to be said."""
    words = [f'"{WORDS[kind]}"' for kind in sorted(accepts) if kind in WORDS]
    words += [noun for kind, noun in NOUNS.items() if kind in accepts]
    if not words or len(words) > 6:
        return ""
    return f"Here may stand {listed(words, 'or')}."


def _no_such_word(at: int, word: str, accepts: set[str]) -> BadPhrase | None:
    """Return the mistake of comparing, or of "not", in a way that other languages have."""
    odd = f"{word!r} is not understood."
    if word in LESS and KEYWORDS["<"] in accepts:
        return BadPhrase(at, odd, 'Write "<", "less than".', "<")
    if word in LESS:
        remedy = 'Ask for what must be reached, with ">=". Only "months since joining < 3" has "<".'
        return BadPhrase(at, 'There is no "less than" here.', remedy)
    if word in COMPARISONS:
        return BadPhrase(at, odd, 'Write ">=", which means "at least".', ">=")
    if word == "not":
        return BadPhrase(at, 'There is no "not" in a plan.', "Ask for what must be there.")
    return None


def _refusal(text: str, start: Start, error: UnexpectedToken, names: Names) -> BadPhrase:
    remedy = _what_may_stand(error.accepts) or REMEDIES[start]
    if error.token.type == "$END":
        return BadPhrase(len(text.rstrip()), "Something is missing at the end.", remedy)
    at = error.token.start_pos or 0
    if unquoted := unquoted_rank(text, at, names):
        return unquoted
    word = text[at:].split()[0]
    if word not in KEYWORDS and lint.is_pay_for_joining(word):
        problem = f"{word!r} may not be counted. {lint.why_not(word)}"
        return BadPhrase(at, problem, "Count what is sold.")
    if unknown := _no_such_word(at, word, error.accepts):
        return unknown
    expected = [WORDS[kind] for kind in sorted(error.accepts) if kind in WORDS]
    if "RANK" in error.accepts:
        expected += names.ranks
    if "VOLUME" in error.accepts:
        expected += names.volumes
    near = closest(word, [one for one in expected if len(one) > 1])
    return BadPhrase(at, f"{word!r} is not understood here.", remedy, near)
