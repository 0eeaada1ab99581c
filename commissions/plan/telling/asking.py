"""Requirements in plain words, about the reader or about others."""

from __future__ import annotations

from dataclasses import dataclass

from commissions.engine.plan import (
    OR,
    Asks,
    CustomersFigure,
    Figure,
    JoinedFigure,
    LimitedFigure,
    PeopleFigure,
    RankBeforeFigure,
    Requirement,
    Requirements,
    Scope,
    Term,
)
from commissions.plan.mistakes import listed
from commissions.plan.telling.document import Block, Listing, Sentence
from commissions.plan.telling.words import (
    SOMEBODY,
    THEY,
    WHO,
    YOU,
    Voice,
    Words,
    count,
)


def required(words: Words, asked: Requirements, intro: str, voice: Voice = YOU) -> list[Block]:
    """Return requirements under a sentence that introduces them; nothing if there are none."""
    items = tuple(Asked(words, voice).requirement(one) for one in asked)
    return [Listing(f"{intro}:", items)] if items else []


def condition(words: Words, asked: Requirements, voice: Voice) -> str:
    """Return requirements as one clause: `who are active and whose PV is at least 100 points`."""
    asking = Asked(words, voice)
    return listed([asking.clause(one) for one in asked], "and")


def everybody_or(words: Words, asked: Requirements, intro: str, otherwise: str) -> list[Block]:
    """Return requirements of others, or a sentence for none."""
    return required(words, asked, intro, THEY) or [Sentence(otherwise)]


@dataclass(frozen=True, slots=True)
class Asked:
    """Says what is asked of somebody."""

    words: Words
    voice: Voice

    def requirement(self, one: Requirement) -> str:
        """Return a requirement as a sentence."""
        clause = self.clause(one, bracketed=False)
        return clause[0].upper() + clause[1:] + "."

    def clause(self, one: Requirement, *, bracketed: bool = True) -> str:
        """Return a requirement as a clause; one of several ways in brackets, if wanted."""
        stack: list[tuple[str, bool]] = []
        for word in one.program:
            if word >= 0:
                stack.append((self.term(one.terms[word]), False))
                continue
            right, left = stack.pop(), stack.pop()
            if word == OR:
                stack.append((f"{left[0]}, or {right[0]}", True))
            else:
                stack.append((f"{_bracketed(left)} and {_bracketed(right)}", False))
        return _bracketed(stack[-1]) if bracketed else stack[-1][0]

    def term(self, term: Term) -> str:
        """Return one comparison as a clause."""
        voice = self.voice
        rank = self.words.rank(term.need) if term.asks in _RANKS else ""
        if term.asks == Asks.ACTIVE:
            return f"{voice.they} {voice.are} active"
        if term.asks == Asks.RANK:
            return f"{voice.they} {voice.are} paid as {rank}"
        if term.asks == Asks.TITLE:
            return f"{voice.their} title is {rank}"
        if term.asks == Asks.WAS:
            return f"{voice.they} {voice.were} paid as {rank} in the {self.words.period} before"
        return self._figure(term, self.words.plan.figures[term.index])

    def _figure(self, term: Term, figure: Figure) -> str:
        they, their = self.voice.they, self.voice.their
        match figure:
            case CustomersFigure():
                bought = f"{self.words.points(figure.at_least)} of {self.words.volume(figure.of)}"
                customers = count(term.need, "customer")
                return (
                    f"{they} {self.voice.have} at least {customers} who bought {bought} or more "
                    "each"
                )
            case PeopleFigure():
                return f"{they} {self.voice.have} at least {self.people(figure, term.need)}"
            case LimitedFigure():
                return self._limited(term, figure)
            case JoinedFigure():
                unit = "calendar month" if figure.in_months else "day"
                compared = "less than" if term.asks == Asks.BELOW else "at least"
                return f"{they} joined {compared} {count(term.need, unit)} ago"
            case RankBeforeFigure():
                before = count(figure.periods, self.words.period)
                return (
                    f"{they} reached {self.words.rank(figure.rank)} in at least {term.need} of the "
                    f"{before} before"
                )
        need = self.words.points(term.need)
        if term.asks == Asks.SHARE:
            need = f"{self.words.rate(term.ppm)} of {_whose(their)} {self.words.volume(term.need)}"
        return f"{their} {self.words.volume(term.index)} is at least {need}"

    def _limited(self, term: Term, figure: LimitedFigure) -> str:
        volume, most = self.words.volume(figure.of), self.words.points(figure.most)
        they, counts = self.voice.they, self.voice.count
        own = f", and {they} {counts} for no more than that either" * figure.own_too
        return (
            f"{self.voice.their} {volume} is at least {self.words.points(term.need)}, where no leg "
            f"counts for more than {most}{own}"
        )

    def people(self, figure: PeopleFigure, number: int) -> str:
        """Return so many people of a kind: `2 people directly below you who are active`.

        The number 0 stands for each of them.
        """
        legs = figure.scope == Scope.LEGS
        one, more = ("leg", "legs") if legs else ("person", "people")
        counted = count(number, one, more) if number else f"each {one}"
        voice = WHO if number > 1 and not legs else SOMEBODY
        who = condition(self.words, figure.who, voice)
        if legs:
            return f"{counted}{self.words.in_tree(figure.tree)} with somebody {who}"
        return f"{counted} {self._where(figure, voice)} {who}"

    def _where(self, figure: PeopleFigure, voice: Voice) -> str:
        them, their = self.voice.them, _whose(self.voice.their)
        tree = self.words.in_tree(figure.tree)
        if figure.scope == Scope.DOWNLINE:
            levels = f"on the first {count(figure.levels, 'level')} of" if figure.levels else "in"
            return f"{levels} {their} downline{tree}"
        if figure.leg:
            side, leg_tree = (
                "left" if figure.leg == 1 else "right",
                self.words.tree(figure.leg_tree),
            )
            return (
                f"introduced by {them} who {'sit' if voice is WHO else 'sits'} in {their} {side} "
                f"leg of {leg_tree} and"
            )
        return f"directly below {them}{tree}"


def _whose(their: str) -> str:
    """Return the possessive for a second thing: `whose SOLD is at least 50% of their PV`."""
    return "their" if their == "whose" else their


_RANKS = {Asks.RANK, Asks.TITLE, Asks.WAS}


def _bracketed(clause: tuple[str, bool]) -> str:
    text, is_choice = clause
    return f"({text})" if is_choice else text
