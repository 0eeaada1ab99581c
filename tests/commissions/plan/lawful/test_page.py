"""docs/lawful.md says what the data says: its tables are the data, its plans come out as told."""

import re
from collections.abc import Callable
from fractions import Fraction

import pytest

from commissions.plan.lawful.law import (
    MARKS,
    Profile,
    Rule,
    Severity,
    Source,
    markets,
    numbers,
    profiles,
    rules,
)
from commissions.plan.lawful.review import review
from commissions.plan.lawful.worst_case import shown
from tests.commissions.plan.lawful.asking import ROOT

PAGE = (ROOT / "docs/lawful.md").read_text(encoding="utf-8")
WORDS = {
    Severity.REFUSE: "refused",
    Severity.SIGN: "signed for",
    Severity.WARN: "said",
    Severity.OFF: "",
}


def table(*rows: list[str]) -> str:
    """Return rows, the first of which is the head, as a table of a page."""
    head, *others = rows
    lines = [head, ["---"] * len(head), *others]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def linked(source: Source) -> str:
    """Return a source, with its page if it has one."""
    text = f"[{source.text}]({source.address})" if source.address else source.text
    return text if source.mark == "S" else f"{text} ({MARKS[source.mark]})"


def strictness() -> str:
    """Return which profile takes which rule how."""
    rows = [
        [f"`{rule.id}`", *(WORDS[taken(rule, profile)] for profile in profiles().values())]
        for rule in rules().values()
    ]
    return table(["rule", *(f"`{name}`" for name in profiles())], *rows)


def taken(rule: Rule, profile: Profile) -> Severity:
    """Return how a profile takes a rule; the reader's refusals are the same under all."""
    return Severity.REFUSE if rule.when_read else profile.severities[rule.id]


def origins() -> str:
    """Return what each rule is about and where it comes from."""
    rows = [
        [f"`{rule.id}`", f"{rule.why}.", "; ".join(map(linked, rule.sources))]
        for rule in rules().values()
    ]
    return table(["rule", "why", "source"], *rows)


def numbers_used() -> str:
    """Return the numbers of the rules, with their sources."""
    rows = [
        [f"`{name}`", f"{as_written(name, number.value)} {number.what}", linked(number.source)]
        for name, number in numbers().items()
    ]
    return table(["number", "what", "source"], *rows)


def as_written(name: str, value: Fraction) -> str:
    """Return a number, or a per cent of what is paid out."""
    return shown(value) if "payout" in name else str(value)


def laws() -> str:
    """Return what is known of markets."""
    rows = [
        [
            f"`{law.code}`",
            law.name,
            "" if law.payout_most is None else shown(law.payout_most),
            "" if law.levels_most is None else str(law.levels_most),
            linked(law.source),
            " ".join(law.besides),
        ]
        for law in markets().values()
    ]
    head = [
        "code",
        "market",
        "all pay at most",
        "levels at most",
        "law",
        "besides, not checked here",
    ]
    return table(head, *rows)


@pytest.mark.parametrize("part", [strictness, origins, numbers_used, laws])
def test_the_tables_of_the_page_are_the_data(part: Callable[[], str]) -> None:
    assert part() in PAGE, f"write this into docs/lawful.md:\n{part()}"


def test_every_rule_has_a_paragraph_of_its_own() -> None:
    told = re.findall(r"^### `([a-z-]+)`", PAGE, re.MULTILINE)

    assert told == list(rules())


def test_every_profile_is_told_with_its_version() -> None:
    for profile in profiles().values():
        assert (
            f"* **`{profile.name}`** ({profile.version}, {profile.dated}): {profile.title}" in PAGE
        )


def test_the_page_says_that_it_is_no_legal_advice() -> None:
    assert "This is not legal advice." in PAGE


TWO_PLANS = re.compile(r"```toml\n(.*?)```\n\nkeeps it:\n\n```toml\n(.*?)```", re.DOTALL)
PAIRS = [
    (paragraph.split("`")[1], *pair)
    for paragraph in PAGE.split("\n### ")[1:]
    for pair in TWO_PLANS.findall(paragraph)
]
HEAD = 'name = "Page"\ncurrency = "USD"\ncadence = "monthly"\n'


def test_rules_are_told_with_plans() -> None:
    assert len(PAIRS) >= 5


@pytest.mark.parametrize(("rule", "breaks", "keeps"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_the_plans_of_the_page_break_and_keep_the_rule(rule: str, breaks: str, keeps: str) -> None:
    assert rule in [finding.rule for finding in review(HEAD + breaks, "default").findings]
    assert rule not in [finding.rule for finding in review(HEAD + keeps, "default").findings]
