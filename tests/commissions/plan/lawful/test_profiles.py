"""How strictly the rules are taken: published plans, the gallery, and who must sign what."""

from datetime import date
from pathlib import Path

import pytest

from commissions.plan.lawful.findings import Signature
from commissions.plan.lawful.law import Severity, profiles
from commissions.plan.lawful.review import review
from tests.commissions.plan.lawful.asking import GALLERY, PUBLISHED, TEAM, plan, rank

BEYOND_DOUBT = {"affiliate", "party"}
BOUGHT = plan(rank("Entry", "PV >= 10"), rank("Second", "GV >= 2000"), TEAM.replace("BASE", "CV"))


def name(path: Path) -> str:
    """Return what a test of a plan is called."""
    return f"{path.parent.name}-{path.stem}"


@pytest.mark.parametrize("path", PUBLISHED, ids=name)
def test_published_plans_pass_the_lab(path: Path) -> None:
    assert review(path.read_text(encoding="utf-8"), "lab").findings == ()


@pytest.mark.parametrize("path", GALLERY, ids=name)
def test_the_gallery_passes_default(path: Path) -> None:
    found = review(path.read_text(encoding="utf-8"), "default")

    assert not found.refused
    assert found.worst_case.share is not None


@pytest.mark.parametrize("path", GALLERY, ids=name)
def test_some_of_the_gallery_pass_strict(path: Path) -> None:
    found = review(path.read_text(encoding="utf-8"), "strict")

    assert found.refused == (path.stem not in BEYOND_DOUBT)


def test_there_are_plans_to_look_at() -> None:
    assert len(PUBLISHED) > 40
    assert len(GALLERY) > 8
    assert {path.stem for path in GALLERY} >= BEYOND_DOUBT


def test_a_finding_says_everything_that_its_reader_needs() -> None:
    finding = next(one for one in review(BOUGHT).findings if one.severity == Severity.REFUSE)

    assert str(finding).startswith("line 12, column 1 (rank Second): Second can be reached without")
    assert " How: Nobody in the whole network sells anything" in str(finding)
    assert finding.remedy in str(finding)
    assert str(finding).endswith(
        "[refuse: rule own-purchases-alone, FTC v. Vemma, order of December 2016; "
        f"profile {profiles()['default']}]"
    )


def test_findings_come_in_the_order_of_the_text() -> None:
    places = [(finding.line, finding.column) for finding in review(BOUGHT).findings]

    assert len(places) > 2
    assert places == sorted(places)


def test_a_company_that_moves_in_signs_for_each_thing_that_a_new_one_is_refused() -> None:
    new, moving = review(BOUGHT, "default"), review(BOUGHT, "existing")
    refused = [
        (finding.rule, finding.what)
        for finding in new.findings
        if finding.severity == Severity.REFUSE
    ]

    assert new.refused
    assert not moving.refused
    assert [(finding.rule, finding.what) for finding in moving.needs_signature] == refused


def test_signatures_are_for_findings_and_outlive_other_lines_but_not_another_way() -> None:
    moving = review(BOUGHT, "existing")
    signed = [
        Signature(finding.key, "officer@example.com", date(2026, 11, 1))
        for finding in moving.needs_signature
    ]
    moved = "# A comment more.\n" + BOUGHT
    eased = BOUGHT.replace("2000", "1000")

    assert moving.unsigned([]) == moving.needs_signature
    assert moving.unsigned(signed) == []
    assert review(moved, "existing").unsigned(signed) == []
    assert [finding.what for finding in review(eased, "existing").unsigned(signed)] == [
        "rank Second"
    ]


def test_the_lab_looks_at_nothing_but_what_is_never_lawful() -> None:
    assert review(BOUGHT, "lab").findings == ()
    assert review(BOUGHT, "lab").worst_case.share is not None
