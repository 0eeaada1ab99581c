"""Plans that pay for joining are refused, and the refusal names the rule.

They are refused when they are read, before any profile is looked at: no profile lets them through.
Boards and kits have no words in the language, so these texts come as near to them as words can.
"""

from pathlib import Path

import pytest

from commissions.plan import plan_mistakes

FOLDER = Path(__file__).parent / "refused"
RULE = "Koscot"
"""Pay for joining is what makes a scheme a pyramid, by the decision of that name."""

WHERE = {
    "20-share-of-a-kit": "PACK",
    "43-kit-bonus": "KIT",
    "82-board": 'kind     = "board"',
}
"""How the line begins where the mistake is."""


@pytest.mark.parametrize("name", sorted(WHERE))
def test_a_plan_that_pays_for_joining_is_refused_with_the_rule_it_breaks(name: str) -> None:
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    place = next(
        number
        for number, line in enumerate(text.splitlines(), start=1)
        if line.startswith(WHERE[name])
    )

    mistakes = [mistake for mistake in plan_mistakes(text) if RULE in mistake]

    assert any(mistake.startswith(f"line {place}, ") for mistake in mistakes)


def test_every_refused_plan_is_looked_at() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(WHERE)


def test_what_is_lawful_in_a_refused_plan_is_no_mistake() -> None:
    text = (FOLDER / "43-kit-bonus.toml").read_text(encoding="utf-8")
    volumes, fast_start, kit_bonus, unilevel = text.split("[[bonus]]")
    assert "KIT" in kit_bonus

    lawful = [line for line in volumes.splitlines(keepends=True) if not line.startswith("KIT")]

    assert plan_mistakes("[[bonus]]".join(["".join(lawful), fast_start, unilevel])) == ()
