"""What making a version live would change: in words, in its text, in time and in cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from commissions.models import Period, PlanVersion
from commissions.plan import PlanError
from commissions.plan.telling import Listing, Section, Sentence, Telling, tell_plan
from commissions.selectors.plan_reviews import review_of
from commissions.services.plans import compiled

LINES_AROUND: Final = 2


class Line(NamedTuple):
    """One line of a difference. `sign` is "+" for new, "-" for gone, empty for what stays.

    An empty line with the sign "…" stands for those that were left out.
    """

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What would change. `before` is what is live for that time now; None: nothing is.

    `until` is when another version that is live already takes over. `periods` are stored ones, not
    closed, that would be paid by it.
    """

    before: PlanVersion | None
    until: datetime | None
    periods: list[Period]
    words: list[Line]
    text: list[Line]
    worst_before: str
    worst_after: str


def change_by(version: PlanVersion) -> PlanChange:
    """Return what a draft would change once it is live. Four queries.

    A version that cannot be read any more says no words, and no worst case.
    """
    live = PlanVersion.objects.filter(
        period_type_id=version.period_type_id, status=PlanVersion.Status.LIVE
    )
    earlier = live.filter(effective_from__lte=version.effective_from)
    before = earlier.order_by("-effective_from").first()
    later = live.filter(effective_from__gt=version.effective_from).order_by("effective_from")
    until = later.values_list("effective_from", flat=True).first()
    periods = Period.objects.filter(
        type_id=version.period_type_id,
        starts_at__gte=version.effective_from,
        locked_at__isnull=True,
    ).order_by("starts_at")
    if until is not None:
        periods = periods.filter(starts_at__lt=until)
    old = before.text if before else ""
    return PlanChange(
        before=before,
        until=until,
        periods=list(periods[:24]),
        words=difference(_words(old), _words(version.text)),
        text=difference(old.splitlines(), version.text.splitlines()),
        worst_before=_worst_case(old),
        worst_after=_worst_case(version.text),
    )


def _worst_case(text: str) -> str:
    try:
        return str(review_of(text).worst_case) if text else ""
    except PlanError:
        return ""


def _words(text: str) -> list[str]:
    try:
        return list(sentences(tell_plan(compiled(text)))) if text else []
    except PlanError:
        return []


def sentences(telling: Telling) -> Iterator[str]:
    """Yield a plan in plain words sentence by sentence, each with the heading it stands under."""
    yield telling.title
    for section in telling.sections:
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    for block in section.blocks:
        if isinstance(block, Sentence):
            yield f"{section.heading}: {block.text}"
        elif isinstance(block, Listing):
            yield from (f"{section.heading}: {block.intro} {item}" for item in block.items)
        else:
            for first, *others in block.rows:
                heads = block.head[1:] if len(others) > 1 else ("",)
                cells = zip(heads, others, strict=True)
                told = "; ".join(f"{head} {cell}".strip() for head, cell in cells if cell)
                yield f"{section.heading}: {first}: {told}"
    for inner in section.sections:
        yield from _section(inner)


def difference(old: Sequence[str], new: Sequence[str]) -> list[Line]:
    """Return what is gone and what is new, with a few lines around; nothing if both are the same.

    >>> difference(["a", "b"], ["a", "c"])
    [Line(sign='', text='a'), Line(sign='-', text='b'), Line(sign='+', text='c')]
    """
    found: list[Line] = []
    matcher = SequenceMatcher(None, old, new)
    for group in matcher.get_grouped_opcodes(LINES_AROUND):
        if found or group[0][1]:
            found.append(Line("…", ""))
        for kind, first, last, start, end in group:
            if kind == "equal":
                found += [Line("", text) for text in old[first:last]]
                continue
            found += [Line("-", text) for text in old[first:last]]
            found += [Line("+", text) for text in new[start:end]]
    return found
