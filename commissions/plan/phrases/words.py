"""A phrase in words: keywords of the grammar, numbers, and names that the plan itself makes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from lark import Token

from commissions.plan.mistakes import closest, one_of
from commissions.plan.phrases.said import BadPhrase

CAPITAL = "A-ZÀ-ÖØ-ÞΑ-ΩА-Я"
NAME = rf"[{CAPITAL}]\w*(?: +[{CAPITAL}0-9]\w*)*"
NUMBER = r"\d[\d._]*(?:,\d[\d._]*)*"
WORDS = re.compile(
    rf"(?P<SPACE>\s+)|(?P<QUOTED>'[^']+')|(?P<NAME>{NAME})|(?P<PERCENT>{NUMBER} ?%)"
    rf"|(?P<NUMBER>{NUMBER})|(?P<SMALL>[a-z][a-z0-9_]*'?)|(?P<SIGN>>=|<=|[<(),+-])|(?P<ODD>[^\s]+)"
)
PLAIN_NAME = re.compile(NAME)
BEFORE_RANKS = {"title", "was", "without"}


@dataclass(frozen=True, slots=True)
class Names:
    """Names that phrases may hold."""

    ranks: Collection[str] = ()
    volumes: Collection[str] = ()
    trees: Collection[str] = ()
    wrong: list[BadPhrase] = field(default_factory=list)
    """Names in the last phrase that the plan does not know."""


def words_of(text: str, names: Names, keywords: Mapping[str, str]) -> list[Token]:
    """Return the words of a phrase; names that nothing has are noted in `names.wrong`.

    >>> keywords = {"legs": "LEGS", "with": "WITH", ">=": "AT_LEAST"}
    >>> [word.type for word in words_of("legs with Two Star >= 2", Names(["Two Star"]), keywords)]
    ['LEGS', 'WITH', 'RANK', 'AT_LEAST', 'NUMBER']
    """
    names.wrong.clear()
    words: list[Token] = []
    for kind, word, at in _scanned(text):
        if unquoted := _unquoted(kind, word, at, text, names):
            names.wrong.append(unquoted)
            break
        if kind in {"QUOTED", "NAME"}:
            words.append(_named(kind, word, at, words, text, names))
        elif kind == "SMALL" and _is_tree(words, word):
            words.append(_tree(word, at, names))
        elif word == "oneself" and words and words[-1] == "or":
            words[-1] = Token("OR_ONESELF", "or oneself", start_pos=words[-1].start_pos)
        elif kind in {"PERCENT", "NUMBER"} or _is_column(kind, word, at, text):
            words.append(Token(kind, word, start_pos=at))
        else:
            words.append(Token(keywords.get(word, kind), word, start_pos=at))
    return words


def is_plain(name: str) -> bool:
    """Tell whether a name of a rank needs no quotes.

    >>> is_plain("Gold 2"), is_plain("head of sales"), is_plain("5 Star")
    (True, False, False)
    """
    return PLAIN_NAME.fullmatch(name) is not None


def _scanned(text: str) -> Iterator[tuple[str, str, int]]:
    for found in WORDS.finditer(text):
        if found.lastgroup and found.lastgroup != "SPACE":
            yield found.lastgroup, found.group(), found.start()


def _is_tree(words: list[Token], word: str) -> bool:
    """Tell whether a tree is named here: `in TREE`, but `in the left leg of TREE`."""
    before = [str(one) for one in words[-2:]]
    is_in = before[-1:] == ["in"] and words[-1].type == "IN" and word != "the"
    return is_in or before == ["leg", "of"]


def _is_column(kind: str, word: str, at: int, text: str) -> bool:
    """Tell whether a column is named here, as a volume begins: `in of own orders`."""
    begins = kind == "SMALL" and not text[:at].strip()
    return begins and word != "growth" and text[at + len(word) :].lstrip().startswith("of ")


def _tree(word: str, at: int, names: Names) -> Token:
    if word not in names.trees:
        names.wrong.append(
            BadPhrase(at, f'There is no tree "{word}".', f"Write {one_of(names.trees)}.",
                      closest(word, names.trees))
        )  # fmt: skip
    return Token("TREE", word, start_pos=at)


def _named(kind: str, word: str, at: int, words: list[Token], text: str, names: Names) -> Token:
    name = word[1:-1] if kind == "QUOTED" else word
    if name in names.ranks:
        return Token("RANK", name, start_pos=at)
    if name in names.volumes and kind == "NAME":
        return Token("VOLUME", name, start_pos=at)
    rest = text[at + len(word) :].lstrip()
    before = str(words[-1]) if words else ""
    if kind == "QUOTED" or before in BEFORE_RANKS or rest.startswith("in "):
        names.wrong.append(no_rank(name, at, names.ranks))
    elif _wants_volume(words, rest):
        names.wrong.append(no_volume(name, at, names.volumes))
    else:
        known = [*names.ranks, *names.volumes]
        names.wrong.append(
            BadPhrase(at, f'There is no rank and no volume "{name}".',
                      f"Write {one_of(known)}.", closest(name, [*known, "active"]))
        )  # fmt: skip
    return Token("RANK", name, start_pos=at)


def unquoted_rank(text: str, at: int, names: Names) -> BadPhrase | None:
    """Return the mistake of writing a rank without the quotes that its name needs."""
    rank = next((rank for rank in names.ranks if text.startswith(rank, at)), "")
    if not rank or is_plain(rank):
        return None
    return BadPhrase(
        at, f'The rank "{rank}" cannot be written like this.',
        f"Write it in single quotes, '{rank}'.",
    )  # fmt: skip


def _unquoted(kind: str, word: str, at: int, text: str, names: Names) -> BadPhrase | None:
    """Return the mistake of a rank without its quotes, where a name or a number is read."""
    if kind not in {"NAME", "NUMBER"} or word in names.ranks or word in names.volumes:
        return None
    return unquoted_rank(text, at, names)


def _wants_volume(words: list[Token], rest: str) -> bool:
    """Tell from the words around a name that it should be a volume's."""
    if words and str(words[-1]) in {"of", "+", "-", "lifetime"}:
        return True
    if rest.startswith(("of ", "+ ", "- ")):
        return True
    return rest.startswith((">=", "are ")) and "with" not in map(str, words)


def no_volume(name: str, at: int, known: Collection[str]) -> BadPhrase:
    """Return the mistake of naming a volume that the plan does not have."""
    return BadPhrase(
        at, f'There is no volume "{name}".', f"Write {one_of(known)}.", closest(name, known)
    )


def no_rank(name: str, at: int, known: Collection[str]) -> BadPhrase:
    """Return the mistake of naming a rank that the plan does not have."""
    return BadPhrase(
        at, f'There is no rank "{name}".',
        f"Write {one_of(known)}." if known else "Add a [[rank]] first.", closest(name, known),
    )  # fmt: skip
