"""Every address is looked at or left out for a reason, and the report stands whatever was found."""

from __future__ import annotations

import pytest

from bench.pages import answers, visits


def test_no_address_is_forgotten() -> None:
    assert visits.forgotten() == []


def test_an_address_without_a_reason_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "MEMBER_PAGES", {})

    assert "home" in visits.forgotten()
    assert visits.reason("commissions_run_delete") == "nobody may delete"
    assert visits.reason("home") == ""


def test_quick_means_small_unless_something_else_is_said() -> None:
    asked = answers.arguments(["--pages", "--quick", "--times", "7"])

    assert (asked.members, asked.times) == (2_000, 7)
    assert answers.arguments(["--pages"]).members == 1_000_000


def test_percentiles_are_of_what_was_taken() -> None:
    visit = answers.Visit("home", "", "staff", "/", 200, 0.1, [n / 1000 for n in range(1, 101)])

    assert visit.percentile(50) == pytest.approx(51)
    assert visit.percentile(95) == pytest.approx(96)
