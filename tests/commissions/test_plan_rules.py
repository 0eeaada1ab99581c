"""Rules that a plan version is held against, signatures, prices, and the database's last word."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from accounts.models import User
from commissions.errors import (
    FindingsUnsigned,
    PlanNotInThatState,
    PlanRefused,
    PlanUnlawful,
    PointsAbovePrice,
    SignatureRefused,
)
from commissions.models import PeriodType, PlanSignature, PlanVersion
from commissions.plan.lawful.law import profiles
from commissions.selectors.plan_reviews import unsigned_findings
from commissions.services import plans
from commissions.services.plan_signing import sign_finding
from distributors.models import BusinessEvent
from mlm.settings import __file__ as settings_file
from orders.models import Product
from tests.commissions.plans_of_rules import BOUGHT, LAWFUL
from tests.factories import JOINED, MONTH, NOON, make_market, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def month(db: None) -> PeriodType:
    return PeriodType.objects.create(code="monthly", name="Monthly", cadence="monthly")


@pytest.fixture
def author(db: None) -> User:
    return User.objects.create_user("author@example.com", "correct horse", is_staff=True)


@pytest.fixture
def officer(db: None) -> User:
    return User.objects.create_user("officer@example.com", "correct horse", is_staff=True)


def draft(kind: PeriodType, text: str, label: str = "v1", **more: Any) -> PlanVersion:
    return plans.draft_plan(period_type=kind, label=label, text=text, effective_from=JOINED, **more)


def sign_all(version: PlanVersion, officer: User) -> None:
    for finding in unsigned_findings(version):
        sign_finding(version, finding.key, by=officer, reason="As it was.", at=NOON)


def test_the_setting_knows_every_profile_and_no_other() -> None:
    """Settings are read before anything of a plan can be: they name the profiles themselves."""
    source = Path(settings_file).read_text(encoding="utf-8")
    named = re.search(r'"PLAN_PROFILE", choices=\((.*?)\)', source)

    assert named is not None
    assert re.findall(r'"(\w+)"', named[1]) == list(profiles())


def test_a_plan_that_the_profile_refuses_is_not_kept(month: PeriodType, settings: Settings) -> None:
    settings.PLAN_PROFILE = "default"

    with pytest.raises(PlanUnlawful, match="rule own-purchases-alone"):
        draft(month, BOUGHT)

    assert not PlanVersion.objects.exists()
    assert draft(month, LAWFUL).profile.startswith("default ")


def test_what_a_version_was_held_against_is_kept_with_it(
    month: PeriodType, settings: Settings
) -> None:
    settings.PLAN_PROFILE = "existing"
    make_market("GB", "GBP")

    version = draft(month, BOUGHT)

    assert version.profile.startswith("existing ")
    assert version.review["digest"] == version.digest
    assert version.review["markets"] == ["GB"]
    assert version.review["worst_case"].startswith("15%")
    assert {"sign"} <= {finding["severity"] for finding in version.review["findings"]}


def test_a_finding_without_a_signature_keeps_a_plan_from_being_live(
    month: PeriodType, officer: User, settings: Settings
) -> None:
    settings.PLAN_PROFILE = "existing"
    version = draft(month, BOUGHT)
    wanted = unsigned_findings(version)

    with pytest.raises((FindingsUnsigned, PlanRefused)) as refused:
        plans.make_live(version)

    assert all(finding.sentence in refused.value.message for finding in wanted)
    sign_all(version, officer)
    assert plans.make_live(version, by=officer, at=NOON).status == "live"
    kinds = list(BusinessEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["plan.signed"] * len(wanted) + ["plan.made_live"]
    event = BusinessEvent.objects.latest("pk")
    assert (event.actor, event.detail["plan"], event.happened_at) == (officer, "v1", NOON)


def test_a_signature_is_about_one_text(
    month: PeriodType, officer: User, settings: Settings
) -> None:
    settings.PLAN_PROFILE = "existing"
    version = draft(month, BOUGHT)
    sign_all(version, officer)
    assert unsigned_findings(version) == []

    revised = plans.revise_draft(
        version, label="v1", text=BOUGHT + "# another\n", effective_from=JOINED
    )

    assert unsigned_findings(revised)
    with pytest.raises((FindingsUnsigned, PlanRefused)):
        plans.make_live(revised)
    same = draft(month, BOUGHT, "v2")
    assert unsigned_findings(same) == []


def test_who_wrote_a_text_does_not_sign_for_it(
    month: PeriodType, author: User, officer: User, settings: Settings
) -> None:
    settings.PLAN_PROFILE = "existing"
    version = draft(month, BOUGHT, created_by=author)
    (finding, *_) = unsigned_findings(version)

    with pytest.raises(SignatureRefused, match="somebody else"):
        sign_finding(version, finding.key, by=author, reason="mine", at=NOON)
    with pytest.raises(IntegrityError, match="does not sign"), transaction.atomic():
        PlanSignature.objects.create(
            version=version, digest=version.digest, finding=finding.key, rule=finding.rule,
            sentence="x", profile="x", reason="x", signed_by=author, signed_at=NOON,
        )  # fmt: skip
    revised = plans.revise_draft(
        version, label="v1", text=BOUGHT + "# by both\n", effective_from=JOINED, revised_by=officer
    )
    copied = draft(month, BOUGHT + "# copy\n", "v2", copied_from=revised)
    for one in (revised, copied):
        with pytest.raises(SignatureRefused, match="somebody else"):
            sign_finding(one, finding.key, by=officer, reason="mine", at=NOON)


def test_a_signature_that_is_not_wanted_is_refused(
    month: PeriodType, officer: User, settings: Settings
) -> None:
    settings.PLAN_PROFILE = "existing"
    version = draft(month, BOUGHT)
    (finding, *_) = unsigned_findings(version)
    sign_finding(version, finding.key, by=officer, reason="x", at=NOON)

    with pytest.raises(SignatureRefused, match="signed for already"):
        sign_finding(version, finding.key, by=officer, reason="x", at=NOON)
    with pytest.raises(SignatureRefused, match="changed in the meantime"):
        sign_finding(version, "0" * 16, by=officer, reason="x", at=NOON)


def test_signatures_stay(month: PeriodType, officer: User, settings: Settings) -> None:
    settings.PLAN_PROFILE = "existing"
    version = draft(month, BOUGHT)
    sign_all(version, officer)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        PlanSignature.objects.update(reason="another")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        PlanSignature.objects.all().delete()


def test_the_database_has_the_last_word_on_what_is_live(
    month: PeriodType, settings: Settings
) -> None:
    settings.PLAN_PROFILE = "existing"
    unsigned = draft(month, BOUGHT, "unsigned")
    settings.PLAN_PROFILE = "default"
    lawful = draft(month, LAWFUL, "lawful")
    found = PlanVersion.objects.filter(pk=lawful.pk)
    refused = lawful.review | {"findings": [{"severity": "refuse", "rule": "r", "key": "k"}]}
    changes: list[dict[str, Any]] = [
        {"text": LAWFUL + "# not looked at\n"},
        {"review": {}},
        {"profile": ""},
        {"review": refused},
    ]

    with pytest.raises(IntegrityError, match="cannot be live"), transaction.atomic():
        PlanVersion.objects.filter(pk=unsigned.pk).update(status="live")
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            found.update(status="live", **change)
    with pytest.raises(IntegrityError, match="held against"), transaction.atomic():
        PlanVersion.objects.create(
            period_type=month, label="x", text=LAWFUL, effective_from=MONTH, status="live"
        )
    assert found.update(status="live") == 1


def test_a_version_is_never_deleted_and_what_was_live_is_not_discarded(
    month: PeriodType, author: User
) -> None:
    version = plans.make_live(draft(month, LAWFUL))
    put_away = draft(month, LAWFUL, "v2")

    plans.discard_draft(put_away, reason="never mind", at=NOON, by=author)

    put_away.refresh_from_db()
    assert put_away.status == "discarded"
    assert BusinessEvent.objects.latest("pk").kind == "plan.discarded"
    assert draft(month, LAWFUL, "v2").status == "draft"  # its name is free again
    with pytest.raises(PlanNotInThatState):
        plans.discard_draft(version, reason="x", at=NOON, by=author)
    for one in (version, put_away):
        with pytest.raises(PlanNotInThatState):
            plans.revise_draft(one, label="x", text=LAWFUL, effective_from=JOINED)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            PlanVersion.objects.filter(pk=one.pk).delete()
    with pytest.raises(PlanNotInThatState):
        plans.make_live(put_away)
    for status in ("discarded", "draft"):
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanVersion.objects.filter(pk=version.pk).update(status=status)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanVersion.objects.filter(pk=put_away.pk).update(status="live")


def test_points_that_cost_less_than_they_are_worth_are_listed_all_at_once(
    month: PeriodType, settings: Settings
) -> None:
    settings.PLAN_PROFILE = "default"
    make_product("TEA", price_minor=1_000, cv=1_001)
    make_product("MUG", price_minor=500, cv=900)
    make_product("KIT", price_minor=500, cv=900, kind=Product.Kind.STARTER_KIT)
    make_product("FAIR", price_minor=500, pv=9_000, cv=500)
    version = draft(month, LAWFUL)

    with pytest.raises(PointsAbovePrice) as refused:
        plans.make_live(version)

    said = refused.value.message
    assert "MUG in US" in said
    assert "9 CV for 5.00 USD" in said
    assert "10.01 CV for 10.00 USD" in said
    assert "KIT" not in said
    assert "FAIR" not in said


def test_every_reason_against_a_plan_is_said_at_once(month: PeriodType, settings: Settings) -> None:
    settings.PLAN_PROFILE = "existing"
    make_product("MUG", price_minor=500, cv=900)
    text = BOUGHT.replace("[active]", '[tree.two]\nkind = "binary"\n\n[active]')
    version = draft(month, text)

    with pytest.raises(PlanRefused) as refused:
        plans.make_live(version)

    assert set(refused.value.extra["codes"]) == {  # type: ignore[call-overload]  # a list of codes
        "findings_unsigned", "plan_not_for_this_company", "points_above_price",
    }  # fmt: skip
    version.refresh_from_db()
    assert version.status == "draft"


def test_a_plan_that_is_lawful_no_more_is_not_made_live(
    month: PeriodType, settings: Settings
) -> None:
    settings.PLAN_PROFILE = "lab"
    version = draft(month, BOUGHT)

    settings.PLAN_PROFILE = "default"

    with pytest.raises((PlanUnlawful, PlanRefused), match="own-purchases-alone"):
        plans.make_live(version)


def test_a_draft_that_somebody_else_changed_is_not_overwritten(month: PeriodType) -> None:
    from commissions.errors import DraftChanged

    version = draft(month, LAWFUL)
    read = version.digest
    plans.revise_draft(version, label="v1", text=LAWFUL + "# mine\n", effective_from=JOINED)

    with pytest.raises(DraftChanged):
        plans.revise_draft(
            version, label="v1", text=LAWFUL, effective_from=JOINED + timedelta(days=1), was=read
        )


@pytest.mark.parametrize("profile", ["default", "existing"])
def test_the_demo_company_makes_its_plan_live(profile: str, settings: Settings) -> None:
    """Its plan, its prices in every market and its markets pass what a new company keeps to."""
    from office.demo.ground import lay_ground

    settings.PLAN_PROFILE = profile

    lay_ground(at=NOON)

    version = PlanVersion.objects.get()
    assert version.status == "live"
    assert version.profile.startswith(f"{profile} ")
    assert version.review["markets"] == ["GB", "US"]
