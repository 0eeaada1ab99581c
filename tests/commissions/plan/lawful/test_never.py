"""What no profile allows is refused when the plan is read, with the rule it breaks."""

from pathlib import Path

import pytest

from commissions.plan import PlanError
from commissions.plan.lawful.law import profiles
from commissions.plan.lawful.never import broken_rule, rule_named
from commissions.plan.lawful.review import review
from tests.commissions.plan.lawful.asking import REFUSED, plan

RULES = {
    "20-share-of-a-kit": "pay-for-joining",
    "43-kit-bonus": "pay-for-joining",
    "82-board": "pay-for-places",
}


def broken(text: str, profile: str) -> set[str]:
    """Return the ids of the rules that the reader refuses a text for."""
    with pytest.raises(PlanError) as refusal:
        review(text, profile)
    named = (rule_named(mistake.problem) for mistake in refusal.value.mistakes)
    return {rule.id for rule in named if rule is not None}


@pytest.mark.parametrize("profile", list(profiles()))
@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_a_plan_that_pays_for_joining_is_refused_by_its_rule(path: Path, profile: str) -> None:
    assert RULES[path.stem] in broken(path.read_text(encoding="utf-8"), profile)


def test_every_refused_plan_has_its_rule() -> None:
    assert {path.stem for path in REFUSED} == set(RULES)


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("recruiting", "pay-for-joining"),
        ("training-bonus", "pay-for-joining"),
        ("upgrade", "pay-for-joining"),
        ("matrix-cycler", "pay-for-places"),
        ("attendance", "pay-for-time"),
    ],
)
def test_a_kind_of_bonus_for_it_names_the_rule(kind: str, rule: str) -> None:
    text = plan(f'[[bonus]]\nname = "A"\nkind = "{kind}"\n')

    assert broken(text, "lab") == {rule}


@pytest.mark.parametrize("word", ["binary", "unilevel", "pv", "kitchen", "packing", "boarding"])
def test_other_words_are_free(word: str) -> None:
    assert broken_rule(word) is None
