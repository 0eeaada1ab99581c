"""Staff who are signed in, one for each group."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User
    from commissions.models import Period
    from tests.factories import Cast

SignIn = Callable[..., "Client"]
Sent = list[tuple[str, tuple[object, ...]]]


@pytest.fixture
def cast(db: None) -> Cast:
    """Return Alice, Bob, Carl and Dora."""
    from tests.factories import make_cast

    return make_cast()


@pytest.fixture
def past(db: None) -> Period:
    """Return a month that is long over, and its grace time too."""
    from tests.factories import make_month

    return make_month(at=datetime(2026, 3, 5, tzinfo=UTC))


@pytest.fixture
def staff(db: None) -> Callable[..., User]:
    """Return a function that makes a member of staff who is in the groups named."""
    from django.contrib.auth.models import Group

    from accounts.models import User

    def make(*groups: str, superuser: bool = False) -> User:
        name = "-".join(groups).lower().replace(" ", "-") or ("root" if superuser else "nobody")
        user = User.objects.create_user(
            f"{name}@example.com", "correct horse", is_staff=True, is_superuser=superuser
        )
        user.groups.set(Group.objects.filter(name__in=groups))
        assert user.groups.count() == len(groups)
        return user

    return make


@pytest.fixture
def sign_in(staff: Callable[..., User]) -> SignIn:
    """Return a function that gives a client signed in as staff of the groups named."""
    from django.test import Client

    def make(*groups: str, superuser: bool = False) -> Client:
        client = Client()
        client.force_login(staff(*groups, superuser=superuser))
        return client

    return make


@pytest.fixture
def root(sign_in: SignIn) -> Client:
    """Return a client signed in as a superuser."""
    return sign_in(superuser=True)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """Collect what workers are asked instead of asking them."""
    from mlm.celery import app

    asked: Sent = []

    def send(name: str, args: tuple[object, ...] = (), **_: object) -> None:
        asked.append((name, tuple(args)))

    monkeypatch.setattr(app, "send_task", send)
    return asked
