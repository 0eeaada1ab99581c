"""Plans laid out: nothing lost, nothing changed, and the same when laid out again."""

import re
import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from commissions.plan import PlanError, read_plan
from commissions.plan.layout import format_plan
from commissions.plan.telling import tell_plan
from tests.commissions.plan.texts import EVERYTHING, ROOT
from tests.oracle.drawing.cases import case_of
from tests.oracle.drawing.toml_text import plan_text

PLANS = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "plans").glob("*.toml"))]

UNTIDY = """\
# About this plan.

cadence="monthly"
name="Untidy"   # its name
# where it is paid
currency = "USD"

[[bonus]]
rates=[ "5%","3%" ]   # two levels
pays_on = "CV"
kind = "unilevel"
compression = "none"
name = "Team"
# Who is active.
[active]
require = ["PV >= 100",
  "CV >= 1"]
# The end.
"""
TIDY = """\
# About this plan.

name     = "Untidy"    # its name
# where it is paid
currency = "USD"
cadence  = "monthly"

# Who is active.
[active]
require = [
  "PV >= 100",
  "CV >= 1",
]

[[bonus]]
name        = "Team"
kind        = "unilevel"
pays_on     = "CV"
compression = "none"
rates       = ["5%", "3%"]    # two levels

# The end.
"""


def test_keys_and_tables_come_in_order_with_their_comments() -> None:
    assert format_plan(UNTIDY) == TIDY


def test_what_is_no_toml_is_refused() -> None:
    with pytest.raises(PlanError):
        format_plan('name = "x')


def test_a_long_list_is_written_in_lines_and_a_list_with_comments_stays() -> None:
    phrases = ", ".join(f'"downline with PV >= {k} are at least 2"' for k in range(10, 13))
    text = f"[active]\nrequire = [{phrases}]\n\n[ranks]\nof = [ # why\n  1,\n]\n"

    lines = format_plan(text).split("\n")

    assert lines[1:5] == ["require = [", *(f"  {phrase}," for phrase in phrases.split(", "))]
    assert lines[-4:] == ["of = [ # why", "  1,", "]", ""]


def comments_of(text: str) -> Counter[str]:
    return Counter(re.findall(r"#[^\n\"]*$", text, re.MULTILINE))


def check(text: str) -> None:
    """Laying out keeps meaning and comments, and a second time changes nothing."""
    laid_out = format_plan(text)

    assert tomllib.loads(laid_out) == tomllib.loads(text)
    assert comments_of(laid_out) == comments_of(text)
    assert format_plan(laid_out) == laid_out
    before, after = read_plan(text), read_plan(laid_out)
    assert replace(after, text_digest="") == replace(before, text_digest="")


@pytest.mark.parametrize(
    "path", sorted((ROOT / "plans").glob("*.toml")), ids=lambda path: path.stem
)
def test_plans_of_the_gallery_are_laid_out(path: Path) -> None:
    assert format_plan(path.read_text()) == path.read_text()


def test_limits_of_a_bonus_come_after_what_they_limit() -> None:
    bonus = '[[bonus]]\nname = "B"\nkind = "retail"\ncap = { total = "9.00" }\nrates = "5%"\n'

    assert [line.split()[0] for line in format_plan(bonus).splitlines()[1:]] == [
        "name", "kind", "rates", "cap",
    ]  # fmt: skip


@pytest.mark.parametrize("text", [*PLANS, EVERYTHING, UNTIDY], ids=lambda text: text[2:18])
def test_a_plan_means_the_same_when_it_is_laid_out(text: str) -> None:
    check(text)


@st.composite
def roughened(draw: st.DrawFn) -> str:
    """A plan with its tables shuffled, and comments, spaces and empty lines strewn in."""
    text = draw(st.sampled_from([*PLANS, EVERYTHING, UNTIDY]))
    tables = re.split(r"\n(?=\[)", text)
    groups: dict[str, list[str]] = {}
    for table in tables[1:]:
        groups.setdefault(re.split(r"[\].]", table.lstrip("["), maxsplit=1)[0], []).append(table)
    order = draw(st.permutations(list(groups)))
    lines = "\n".join([tables[0], *(t for name in order for t in groups[name])]).split("\n")
    noise = st.sampled_from(["", "  ", "# a comment", "  # another"])
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(lines)))
        if "\n".join(lines[:at]).count('"""') % 2 == 0:
            lines.insert(at, draw(noise))
    return "\n".join(line.replace(" = ", draw(st.sampled_from(["=", "  =   "])), 1)
                     if draw(st.integers(0, 9)) == 0 and '"""' not in line else line
                     for line in lines)  # fmt: skip


@pytest.mark.parametrize("seed", range(30))
def test_a_drawn_plan_is_laid_out_and_told(seed: int) -> None:
    text = plan_text(dict(case_of(seed).plan))

    check(text)
    assert tell_plan(read_plan(text)).as_text()


@settings(max_examples=40)
@given(roughened())
def test_however_a_plan_is_written_it_is_laid_out_alike_and_keeps_its_meaning(text: str) -> None:
    check(text)


def test_the_command_writes_only_what_changes(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(UNTIDY, encoding="utf-8")

    with pytest.raises(SystemExit) as refused:
        call_command("format_plan", str(path), "--check")
    assert refused.value.code == 1
    assert path.read_text(encoding="utf-8") == UNTIDY

    call_command("format_plan", str(path))
    assert path.read_text(encoding="utf-8") == TIDY
    call_command("format_plan", str(path), "--check")


def test_the_command_leaves_alone_what_is_no_toml(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text('name = "x', encoding="utf-8")

    with pytest.raises(SystemExit) as refused:
        call_command("format_plan", str(path))

    assert refused.value.code == 2
    assert path.read_text(encoding="utf-8") == 'name = "x'
