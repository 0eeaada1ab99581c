"""Writing a plan on the company's side: from the gallery to a check that keeps nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from commissions.models import Period, PlanVersion
from commissions.selectors.gallery import gallery
from commissions.services.plans import draft_plan
from commissions.trying import tried_examples
from tests.admin.conftest import SignIn
from tests.admin.pages import mistakes, words
from tests.admin.test_plans import ADD, WRONG, draft, version_address
from tests.commissions.plans_of_rules import BOUGHT, LAWFUL
from tests.factories import JOINED, PLAN, make_market, make_month, make_product

START = "admin:commissions_planversion_start"
CHECK_NEW = "admin:commissions_planversion_check_new"
EXAMPLE = '''
[[example]]
name    = "Bob's order"
network = """
alice
  bob
"""
sales = """
s1: alice 10 0
s2: bob 10 50
"""
pays = """
alice: 6.00
"""
'''


@pytest.fixture
def month(db: None) -> Period:
    """Return November with its live plan."""
    return make_month()


def check(client: Client, text: str, version: PlanVersion | None = None, **more: str) -> Any:
    """Return the page that comes of pressing "Check", or with `format` of "Lay out"."""
    address = (
        reverse("admin:commissions_planversion_check", args=[version.pk])
        if version
        else reverse(CHECK_NEW)
    )
    pressed = {} if "format" in more else {"check": "1"}
    return client.post(address, draft(text) | pressed | more)


def typed(response: Any) -> Any:
    """Return what stands in the editor."""
    return response.context["adminform"].form.initial["text"]


def test_every_plan_of_the_gallery_is_a_card_that_leads_to_its_text(
    month: Period, sign_in: SignIn
) -> None:
    client = sign_in("Plan author")

    page = words(client.get(reverse(START)))

    assert len(gallery()) >= 11
    for code, model in gallery().items():
        assert model.name in page
        assert len(model.about) > 30
        assert " ".join(model.about.split()) in page
        begun = client.get(f"{reverse(ADD)}?start=gallery:{code}")
        assert typed(begun) == model.text
    assert "Cannot be live here yet" in page
    assert "v1" in page


def test_the_gallery_says_what_the_profile_refuses(
    month: Period, sign_in: SignIn, settings: Settings
) -> None:
    client = sign_in("Plan author")
    settings.PLAN_PROFILE = "default"
    assert "Has to be changed first" not in words(client.get(reverse(START)))

    settings.PLAN_PROFILE = "strict"

    assert "Has to be changed first" in words(client.get(reverse(START)))


@pytest.mark.parametrize(
    "start", ["", "gallery:none", "version:0", "version:x", f"version:{10**40}", "x"]
)
def test_a_start_that_there_is_not_is_an_empty_page(
    month: Period, sign_in: SignIn, start: str
) -> None:
    response = sign_in("Plan author").get(reverse(ADD), {"start": start})

    assert response.status_code == 200
    assert "text" not in response.context["adminform"].form.initial


def test_a_check_shows_every_mistake_and_keeps_nothing(month: Period, sign_in: SignIn) -> None:
    response = check(sign_in("Plan author"), WRONG)

    page = words(response)
    assert "3 mistakes" in page
    for said in ("line 4, column", "line 7, column", "line 11, column", 'Did you mean "unilevel"?'):
        assert said in page
    assert typed(response) == WRONG
    assert response.context["adminform"].form.initial["label"] == "v2"
    assert PlanVersion.objects.count() == 1


def test_a_check_shows_what_an_example_expected_and_what_came_out(
    month: Period, sign_in: SignIn
) -> None:
    client = sign_in("Plan author")
    tried_examples(PLAN + EXAMPLE)  # however long the engine takes to get warm

    page = words(check(client, PLAN + EXAMPLE))
    saved = client.post(reverse(ADD), draft(PLAN + EXAMPLE))

    assert "1 of 1 example comes out differently" in page
    assert "Bob's order" in page
    assert "6.00" in page
    assert "5.00" in page
    assert "5.00" in mistakes(saved)[0]
    assert PlanVersion.objects.count() == 1
    right = words(check(client, PLAN + EXAMPLE.replace("6.00", "5.00")))
    assert "Nothing is wrong" in right
    assert "Its example comes out as it says." in right


def test_a_check_says_the_plan_in_plain_words_and_what_it_pays_at_most(
    month: Period, sign_in: SignIn
) -> None:
    page = words(check(sign_in("Plan author"), LAWFUL))

    assert "In plain words: Corner shop" in page
    assert "You are paid on the commission volume (CV)" in page
    assert "15% of a customer's order" in page
    assert "It has no examples" in page


def test_a_check_shows_what_the_profile_refuses_why_and_what_to_change(
    month: Period, sign_in: SignIn, settings: Settings
) -> None:
    settings.PLAN_PROFILE = "default"
    client = sign_in("Plan author")

    page = words(check(client, BOUGHT))
    saved = client.post(reverse(ADD), draft(BOUGHT))

    assert "The rules refuse something in it" in page
    assert "Anna is active: PV >= 10" in page
    assert "Ask for customers" in page
    assert "FTC v. Vemma" in page
    assert "rule own-purchases-alone" in page
    assert "rule own-purchases-alone" in mistakes(saved)[0]
    assert PlanVersion.objects.count() == 1


def test_a_check_says_what_the_company_lacks(month: Period, sign_in: SignIn) -> None:
    text = PLAN.replace("monthly", "weekly") + '[tree.two]\nkind = "binary"\n'

    page = words(check(sign_in("Plan author"), text))

    assert "Before it can be live here" in page
    assert "no tree named two" in page
    assert "cadence is weekly" in page


def test_a_text_is_laid_out_and_not_saved(month: Period, sign_in: SignIn) -> None:
    client = sign_in("Plan author")

    response = check(client, 'currency="USD" # dollars\nname =  "A"', format="1")
    spoilt = check(client, "not TOML", format="1")

    assert typed(response) == 'name     = "A"\ncurrency = "USD"    # dollars\n'
    assert "is laid out" in words(response)
    assert typed(spoilt) == "not TOML"
    assert "first it has to be TOML" in words(spoilt)
    assert PlanVersion.objects.count() == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not TOML at all",
        "\x00\x01\x02 binary \x7f",
        'name = "a\x00b"',
        "x\n" * 60_000,
        "a = " + "[" * 20_000,
        '"""' * 5_000,
        "é" * 150_000,
        "\u202e\ud7ff\ufffd",
        "<script>alert(1)</script>",
    ],
    ids="empty prose binary NUL lines deep quotes letters odd html".split(),
)
def test_wrong_texts_are_given_back_with_mistakes(
    month: Period, sign_in: SignIn, text: str
) -> None:
    client = sign_in("Plan author")

    checked = check(client, text)
    saved = client.post(reverse(ADD), draft(text))

    assert checked.status_code == saved.status_code == 200
    assert "mistake" in words(checked)
    assert mistakes(saved)
    assert len(checked.content) < 2_000_000
    assert b"<script>alert" not in checked.content
    assert PlanVersion.objects.count() == 1


def test_a_text_that_is_too_long_is_not_kept(month: Period, sign_in: SignIn) -> None:
    client = sign_in("Plan author")
    text = PLAN + "# long\n" * 30_000

    saved = client.post(reverse(ADD), draft(text))

    assert "200000" in mistakes(saved)[0]
    assert "too long to be saved" in words(check(client, text))
    assert client.post(reverse(ADD), draft("x" * 3_000_000)).status_code == 400


def test_examples_that_still_run_are_not_waited_for(
    month: Period, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commissions.selectors.plan_checks.tried_examples", lambda *_, **__: None)
    monkeypatch.setattr("commissions.admin.plan_forms.tried_examples", lambda *_, **__: None)
    client = sign_in("Plan author")

    page = words(check(client, PLAN + EXAMPLE))
    saved = client.post(reverse(ADD), draft(PLAN + EXAMPLE))

    assert "still being run" in page
    assert "still being run" in mistakes(saved)[0]


def test_a_draft_that_somebody_else_changed_is_given_back(month: Period, root: Client) -> None:
    root.post(reverse(ADD), draft())
    version = PlanVersion.objects.get(label="v2")
    mine = draft(PLAN + "# mine\n") | {"was": version.digest}
    root.post(version_address(version), draft(PLAN + "# theirs\n"))

    response = root.post(version_address(version), mine)

    assert "Somebody else changed this draft" in words(response)
    version.refresh_from_db()
    assert version.text.endswith("# theirs\n")


def test_only_who_writes_plans_starts_and_checks_them(month: Period, sign_in: SignIn) -> None:
    live = PlanVersion.objects.get(label="v1")
    for group in ("Commission approver", "Compliance officer", "Auditor", "Support"):
        client = sign_in(group)

        assert client.get(reverse(START)).status_code == 403
        assert check(client, PLAN).status_code == 403
        assert check(client, PLAN, live).status_code == 403
    author = sign_in("Plan author")
    assert check(author, PLAN, live).status_code == 403  # live: only read
    assert Client().get(reverse(START)).status_code == 302
    assert author.get(reverse(CHECK_NEW)).status_code == 302
    gone = reverse("admin:commissions_planversion_check", args=[0])
    assert author.post(gone, draft()).status_code == 404


def test_a_page_to_start_from_costs_the_same_with_many_versions(
    month: Period, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in("Plan author")
    client.get(reverse(START))
    for number in range(30):
        draft_plan(period_type=month.type, label=f"d{number}", text=PLAN, effective_from=JOINED)

    with django_assert_max_num_queries(8):
        client.get(reverse(START))


def test_a_check_costs_few_queries(
    month: Period, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in("Plan author")
    make_product()
    make_market("GB", "GBP")

    with django_assert_max_num_queries(14):
        assert "Nothing is wrong" in words(check(client, LAWFUL))
