"""Plans on the company's side: every mistake in its place, nothing saved, live ones only read."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from commissions.models import Period, PlanVersion
from commissions.plan import PlanError, read_plan
from distributors.models import Change
from tests.admin.conftest import SignIn
from tests.admin.pages import mistakes, words
from tests.factories import PLAN, make_month

ADD = "admin:commissions_planversion_add"
WRONG = (
    PLAN.replace('"unilevel"', '"unilvel"')
    .replace("PV >= 10", "PX >= 10")
    .replace('"monthly"', '"monthyl"')
)


@pytest.fixture
def month(db: None) -> Period:
    """Return November with its live plan."""
    return make_month()


def draft(text: str = PLAN, **others: str) -> dict[str, str]:
    """Return what an author types for a new draft."""
    return {
        "period_type": "monthly",
        "label": "v2",
        "effective_from": "2027-01-01T00:00",
        "text": text,
    } | others


def version_address(version: PlanVersion, deed: str = "") -> str:
    """Return the address of a version's page, or of a deed's."""
    if deed:
        return reverse("admin:commissions_planversion_deed", args=[version.pk, deed])
    return reverse("admin:commissions_planversion_change", args=[version.pk])


def test_a_plan_with_mistakes_is_shown_with_every_one_of_them_and_not_saved(
    month: Period, sign_in: SignIn
) -> None:
    with pytest.raises(PlanError) as expected:
        read_plan(WRONG)
    assert len(expected.value.mistakes) >= 3

    response = sign_in("Plan author").post(reverse(ADD), draft(WRONG))

    assert mistakes(response) == [str(mistake) for mistake in expected.value.mistakes]
    page = words(response)
    for mistake in expected.value.mistakes:
        assert f"line {mistake.line}, column {mistake.column}" in page
        assert " ".join(str(mistake).split()) in page
    assert "unilvel" in page
    assert list(PlanVersion.objects.values_list("label", flat=True)) == ["v1"]


def test_a_plan_of_another_rhythm_is_given_back(month: Period, sign_in: SignIn) -> None:
    weekly = draft(PLAN.replace('"monthly"', '"weekly"'))

    response = sign_in("Plan author").post(reverse(ADD), weekly)

    assert "cadence is weekly" in words(response)
    assert not PlanVersion.objects.filter(label="v2").exists()


def test_a_draft_that_is_spoilt_keeps_its_text(month: Period, sign_in: SignIn) -> None:
    client = sign_in("Plan author")
    client.post(reverse(ADD), draft())
    version = PlanVersion.objects.get(label="v2")

    response = client.post(version_address(version), draft(WRONG))

    assert len(mistakes(response)) >= 3
    version.refresh_from_db()
    assert version.text == PLAN


def test_a_good_plan_becomes_a_draft_and_pays_nothing(month: Period, sign_in: SignIn) -> None:
    client = sign_in("Plan author")

    client.post(reverse(ADD), draft(PLAN.replace("\n", "\r\n")))

    version = PlanVersion.objects.get(label="v2")
    assert (version.status, version.text) == ("draft", PLAN)
    assert version.effective_from == datetime(2027, 1, 1, tzinfo=UTC)
    assert version.created_by_id == int(client.session["_auth_user_id"])


def test_a_live_plan_is_only_read(month: Period, root: Client) -> None:
    version = PlanVersion.objects.get(label="v1")

    page = root.get(version_address(version))
    root.post(version_address(version), draft(PLAN + "# changed\n"))

    assert "<textarea" not in page.content.decode()
    assert "Test plan" in words(page)
    version.refresh_from_db()
    assert version.text == PLAN


def test_who_writes_a_plan_does_not_make_it_live(month: Period, sign_in: SignIn) -> None:
    author, approver = sign_in("Plan author"), sign_in("Commission approver")
    author.post(reverse(ADD), draft())
    version = PlanVersion.objects.get(label="v2")
    Change.objects.all().delete()

    assert author.post(version_address(version, "make-live")).status_code == 403
    done = approver.post(version_address(version, "make-live"), follow=True)

    assert "is live" in words(done)
    version.refresh_from_db()
    assert version.status == "live"
    assert Change.objects.get().kind == "plan"


def test_a_plan_from_a_moment_that_has_one_is_refused(month: Period, root: Client) -> None:
    root.post(reverse(ADD), draft(effective_from="2026-01-05T12:00"))
    version = PlanVersion.objects.get(label="v2")

    response = root.post(version_address(version, "make-live"))

    assert "is live from that moment on" in mistakes(response)[0]


def test_a_plan_for_a_locked_period_is_refused(month: Period, root: Client) -> None:
    month.status, month.locked_at, month.locked_sale_id = "locked", month.ends_at, 0
    month.save()
    root.post(reverse(ADD), draft(effective_from="2026-10-15T00:00"))
    version = PlanVersion.objects.get(label="v2")

    response = root.post(version_address(version, "make-live"))

    assert "2026-11 is locked" in mistakes(response)[0]


def test_a_live_plan_is_copied_as_a_draft(month: Period, sign_in: SignIn) -> None:
    version = PlanVersion.objects.get(label="v1")
    client = sign_in("Plan author")
    address = f"{reverse(ADD)}?start=version:{version.pk}"

    page = client.get(address)
    typed = {**draft(label="v3"), **initial(page), "effective_from": "2027-03-01T00:00"}
    client.post(address, typed | {"label": "v3"})
    again = client.post(address, typed | {"label": "v3"})

    made = PlanVersion.objects.get(label="v3")
    assert (made.status, made.text) == ("draft", PLAN)
    assert "has this name already" in mistakes(again)[0]


def initial(page: Any) -> dict[str, Any]:
    """Return what a new draft's form begins with, as a browser would send it back."""
    found = page.context["adminform"].form.initial
    return {name: found[name] for name in ("text", "start") if name in found}
