"""Signing for what is found in a plan, seeing what goes live, and putting drafts away."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from commissions.models import PlanSignature, PlanVersion
from commissions.selectors.plan_reviews import unsigned_findings
from commissions.services.plans import draft_plan, make_live
from distributors.models import BusinessEvent
from tests.admin.conftest import SignIn
from tests.admin.pages import mistakes, words
from tests.admin.test_plans import ADD, draft, version_address
from tests.commissions.plans_of_rules import BOUGHT, LAWFUL
from tests.factories import MONTH, PLAN, make_month, make_product


@pytest.fixture
def version(db: None, sign_in: SignIn, settings: Settings) -> PlanVersion:
    """Return a draft that wants signatures, by an author, of a company that lives today."""
    settings.PLAN_PROFILE = "existing"
    period = make_month(LAWFUL)
    author = sign_in("Plan author")
    author.post(reverse(ADD), draft(BOUGHT))
    made = PlanVersion.objects.get(label="v2")
    assert made.period_type_id == period.type_id
    return made


def sign_for(client: Client, version: PlanVersion, key: str, reason: str = "As before.") -> object:
    """Return the page that comes of signing."""
    answers = {"finding": key, "reason": reason}
    return client.post(version_address(version, "sign"), answers, follow=True)


def test_a_plan_goes_live_once_an_officer_signed_for_all_that_wants_it(
    version: PlanVersion, sign_in: SignIn
) -> None:
    officer, approver = sign_in("Compliance officer"), sign_in("Commission approver")
    live = version_address(version, "make-live")
    wanted = unsigned_findings(version)

    before = approver.get(live)
    refused = approver.post(live)

    assert "It cannot be made live yet" in words(before)
    assert b'type="submit" value="Make live"' not in before.content
    assert len(mistakes(refused)) >= len(wanted) > 0
    assert "A compliance officer has to sign" in words(refused)
    for finding in wanted:
        assert finding.sentence in words(officer.get(version_address(version, "sign")))
        assert "You signed for" in words(sign_for(officer, version, finding.key))
    page = words(officer.get(version_address(version)))
    assert "Signed for" in page
    assert "compliance-officer@example.com" in page
    assert "As before." in page
    assert "is live" in words(approver.post(live, follow=True))
    version.refresh_from_db()
    assert version.status == "live"
    assert BusinessEvent.objects.filter(kind="plan.made_live").count() == 2
    assert LogEntry.objects.filter(object_id=str(version.pk), change_message="Make live").exists()


def test_a_signature_wants_a_reason_and_a_finding_that_there_is(
    version: PlanVersion, sign_in: SignIn
) -> None:
    officer = sign_in("Compliance officer")
    (finding, *_) = unsigned_findings(version)

    for key, reason in ((finding.key, " "), ("0" * 16, "x"), ("", "x"), (finding.key, "x" * 1001)):
        assert mistakes(sign_for(officer, version, key, reason))
    assert not PlanSignature.objects.exists()


def test_not_even_a_superuser_signs_for_an_own_plan(
    version: PlanVersion, root: Client, settings: Settings
) -> None:
    root.post(reverse(ADD), draft(BOUGHT + "# root's\n", label="v3"))
    own = PlanVersion.objects.get(label="v3")
    (finding, *_) = unsigned_findings(own)

    page = sign_for(root, own, finding.key)

    assert "Who wrote a plan does not sign for it" in mistakes(page)[0]
    assert not PlanSignature.objects.exists()


def test_authors_and_approvers_do_not_sign(version: PlanVersion, sign_in: SignIn) -> None:
    (finding, *_) = unsigned_findings(version)
    for group in ("Commission approver", "Auditor", "Commission analyst"):
        page = sign_in(group).post(
            version_address(version, "sign"), {"finding": finding.key, "reason": "x"}
        )
        assert page.status_code == 403
    assert not PlanSignature.objects.exists()


def test_what_changes_is_shown_before_it_does(db: None, sign_in: SignIn) -> None:
    period = make_month(PLAN)
    changed = PLAN.replace('"5%"', '"6%"').replace("PV >= 10", "PV >= 20")
    version = draft_plan(period_type=period.type, label="v2", text=changed, effective_from=MONTH)

    page = words(sign_in("Commission approver").get(version_address(version, "make-live")))

    assert "Without it v1 would pay" in page
    assert "17% of a customer's order" in page
    assert "18% of a customer's order" in page
    assert "Your personal volume (PV) is at least 10 points." in page
    assert "Your personal volume (PV) is at least 20 points." in page
    assert "Stored periods that it would pay: 2026-11" in page
    assert 'require = ["PV >= 20"]' in page


def test_the_first_plan_has_nothing_to_be_compared_with(db: None, sign_in: SignIn) -> None:
    period = make_month(PLAN)
    early = draft_plan(
        period_type=period.type,
        label="v0",
        text=PLAN,
        effective_from=MONTH.replace(year=2020),
    )

    page = words(sign_in("Commission approver").get(version_address(early, "make-live")))

    assert "Nothing else is live for that time" in page
    assert "when another version that is live takes over" in page


def test_every_reason_against_going_live_is_listed(
    db: None, sign_in: SignIn, settings: Settings
) -> None:
    settings.PLAN_PROFILE = "default"
    period = make_month(LAWFUL)
    make_product("MUG", price_minor=500, cv=900)
    make_product("POT", price_minor=800, cv=900)
    text = LAWFUL.replace("[active]", '[tree.two]\nkind = "binary"\n\n[active]')
    version = draft_plan(period_type=period.type, label="v2", text=text, effective_from=MONTH)
    approver = sign_in("Commission approver")

    page = words(approver.get(version_address(version, "make-live")))
    refused = mistakes(approver.post(version_address(version, "make-live")))

    for said in ("no tree named two", "MUG in US", "POT in US", "9 CV for 5.00 USD"):
        assert said in page
    assert len(refused) == 2
    version.refresh_from_db()
    assert version.status == "draft"


def test_a_draft_is_put_away_with_a_reason_and_its_text_can_be_copied(
    version: PlanVersion, sign_in: SignIn
) -> None:
    author = sign_in("Auditor")
    assert author.post(version_address(version, "discard"), {"reason": "x"}).status_code == 403
    client = Client()
    client.force_login(version.created_by)  # type: ignore[arg-type]  # an author made it

    done = client.post(version_address(version, "discard"), {"reason": "never mind"}, follow=True)

    assert "is put away" in words(done)
    version.refresh_from_db()
    assert version.status == "discarded"
    event = BusinessEvent.objects.get(kind="plan.discarded")
    assert (event.reason, event.actor) == ("never mind", version.created_by)
    assert b"<textarea" not in client.get(version_address(version)).content
    again = client.get(f"{reverse(ADD)}?start=version:{version.pk}")
    assert again.context["adminform"].form.initial["text"] == BOUGHT
    client.post(reverse(ADD), draft(BOUGHT))
    assert PlanVersion.objects.filter(label="v2").count() == 2


def test_a_live_plan_is_neither_signed_for_nor_put_away(
    db: None, root: Client, settings: Settings
) -> None:
    make_month()
    live = PlanVersion.objects.get(label="v1")

    refused = root.post(version_address(live, "discard"), {"reason": "x"})

    assert "only drafts are discarded" in mistakes(refused)[0]
    page = root.get(version_address(live)).content
    assert b"do/discard" not in page
    assert b"do/sign" not in page
    assert b"formaction" not in page


def test_pages_of_a_version_cost_few_queries(
    version: PlanVersion, root: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        early = draft_plan(
            period_type=version.period_type,
            label=f"early {number}",
            text=LAWFUL,
            effective_from=MONTH.replace(year=2010 + number),
        )
        make_live(early)

    with django_assert_max_num_queries(16):
        root.get(version_address(version))
    with django_assert_max_num_queries(26):
        root.get(version_address(version, "make-live"))
