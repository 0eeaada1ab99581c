"""Whatever the plan: to ask for customers breaks no rule, and keeps those about purchases."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commissions.plan.lawful.review import review
from tests.commissions.plan.lawful.asking import GALLERY, PUBLISHED, found, without_examples

PLANS = {f"{path.parent.name}-{path.stem}": path for path in (*GALLERY, *PUBLISHED)}
TABLE = re.compile(r"^(\[\[(?:rank|bonus)\]\])\n", re.MULTILINE)
OWN = "own-purchases-alone"


def text_of(name: str) -> str:
    """Return a plan without its own tests."""
    return without_examples(PLANS[name].read_text(encoding="utf-8"))


def asking_for_customers(text: str, chosen: list[bool], phrase: str) -> str:
    """Return a plan in which chosen ranks and bonuses ask for customers, too."""
    head, *tables = TABLE.split(text)
    parts = [_with_volume(head)]
    for number, (opening, table) in enumerate(zip(tables[::2], tables[1::2], strict=True)):
        body = table
        if chosen[number % len(chosen)]:
            key = "require" if opening == "[[rank]]" else "requires"
            if re.search(rf"^{key}\s*= \[", table, re.MULTILINE):
                body = re.sub(rf"^({key}\s*= \[)", rf'\1"{phrase}", ', table, flags=re.MULTILINE)
            else:
                body = f'{key} = ["{phrase}"]\n{table}'
        parts.append(f"{opening}\n{body}")
    return "".join(parts)


def _with_volume(head: str) -> str:
    """Return the head of a plan with a volume of customers' orders that nothing else names."""
    volume = 'TRULY_SOLD = "pv of customers\' orders"\n'
    if re.search(r"^\[volume\]$", head, re.MULTILINE):
        return re.sub(r"^\[volume\]\n", f"[volume]\n{volume}", head, flags=re.MULTILINE)
    return f"{head}\n[volume]\n{volume}\n"


@settings(max_examples=120)
@given(
    name=st.sampled_from(sorted(PLANS)),
    chosen=st.lists(st.booleans(), min_size=1, max_size=6),
    customers=st.integers(1, 12),
    profile=st.sampled_from(["lab", "default", "strict"]),
)
def test_asking_for_customers_adds_no_finding(
    name: str, chosen: list[bool], customers: int, profile: str
) -> None:
    phrase = f"customers with TRULY_SOLD >= 20 are at least {customers}"
    text = text_of(name)
    before = review(text, profile)
    after = review(asking_for_customers(text, chosen, phrase), profile)

    names = {(finding.rule, finding.what) for finding in before.findings}
    assert {(finding.rule, finding.what) for finding in after.findings} <= names
    if before.worst_case.share is not None:
        assert after.worst_case.share is not None
        assert after.worst_case.share <= before.worst_case.share


@pytest.mark.parametrize("name", sorted(PLANS))
def test_if_every_rank_and_bonus_asks_for_customers_buying_alone_reaches_nothing(name: str) -> None:
    phrase = "customers with TRULY_SOLD >= 20 are at least 1"

    assert found(asking_for_customers(text_of(name), [True], phrase), OWN).findings == ()
