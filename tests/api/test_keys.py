"""Keys from a terminal, and answers that are forgotten in time."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import ApiKey, IdempotencyRecord, Storefront
from accounts.services import find_key
from accounts.tasks import ANSWERS_ARE_KEPT, forget_old_answers
from tests.api.calling import Caller, order_of
from tests.factories import Cast

pytestmark = pytest.mark.django_db


def test_the_command_prints_a_key_that_works_and_nothing_else() -> None:
    out = StringIO()

    call_command("issue_key", "webshop", "--scope", "orders:read", "--days", "30", stdout=out)

    key = find_key(out.getvalue().strip(), at=timezone.now())
    assert key is not None
    assert (key.storefront.code, key.scopes) == ("webshop", ["orders:read"])
    assert find_key(out.getvalue().strip(), at=timezone.now() + timedelta(days=31)) is None


def test_without_scopes_the_command_makes_a_key_for_everything() -> None:
    call_command("issue_key", "webshop", stdout=StringIO())

    assert ApiKey.objects.get().scopes == sorted(ApiKey.Scope.values)


@pytest.mark.parametrize(
    "arguments", [["Web Shop"], ["webshop", "--days", "0"], ["webshop", "--scope", "all"]]
)
def test_wrong_arguments_are_refused_and_make_nothing(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("issue_key", *arguments, stdout=StringIO())

    assert not Storefront.objects.exists()


def test_a_closed_storefront_gets_no_key_from_the_command() -> None:
    Storefront.objects.create(code="webshop", name="Web shop", is_active=False)

    with pytest.raises(CommandError, match="switched off"):
        call_command("issue_key", "webshop", stdout=StringIO())


def test_kept_answers_are_forgotten_after_their_time(shop: Caller, cast: Cast) -> None:
    body = order_of(cast.dora)
    shop.post("/orders", body, once="old")
    long_ago = timezone.now() - ANSWERS_ARE_KEPT - timedelta(minutes=1)
    IdempotencyRecord.objects.update(created_at=long_ago)
    shop.post("/orders", order_of(cast.dora, external_id="1002"), once="new")

    forget_old_answers()

    assert [record.key for record in IdempotencyRecord.objects.all()] == ["new"]
    assert shop.post("/orders", body, once="old").status_code == 200  # known by its number
