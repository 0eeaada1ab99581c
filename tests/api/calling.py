"""A storefront at work, for tests of the API."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.utils import timezone

from accounts.models import ApiKey, Storefront
from accounts.services import issue_key
from distributors.models import Member

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

_keys = itertools.count(1)


def just_now() -> datetime:
    """Return a moment ago, in whole seconds: what a storefront says of an order of today."""
    return timezone.now().astimezone(UTC).replace(microsecond=0) - timedelta(minutes=1)


def written(moment: datetime) -> str:
    """Return a moment as bodies write it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Caller:
    """A storefront at work: sends JSON with its key, and a new Idempotency-Key each time."""

    def __init__(self, key: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.key = key

    def get(self, path: str, **query: Any) -> Answer:
        """Ask for something."""
        return self.client.get(f"/api/v1{path}", query, headers=self.headers())

    def post(self, path: str, body: Any, *, once: str | None = None, **headers: str) -> Answer:
        """Send a body; `once` is the Idempotency-Key."""
        return self.client.post(
            f"/api/v1{path}",
            body,
            content_type="application/json",
            headers={
                **self.headers(),
                "Idempotency-Key": once or f"test-{next(_keys)}",
                **headers,
            },
        )

    def headers(self) -> dict[str, str]:
        """Return what says who is calling."""
        return {"Authorization": f"Bearer {self.key}"}


def call_as(storefront: Storefront, *scopes: str) -> Caller:
    """Return a caller with a new key; without scopes the key may do everything."""
    _, full = issue_key(storefront, "test", scopes or ApiKey.Scope.values, None)
    return Caller(full)


def order_of(member: Member, **changes: Any) -> dict[str, Any]:
    """Return the body of a member's order of two coffees; `...` leaves a field out."""
    body: dict[str, Any] = {
        "external_id": "1001",
        "buyer": member.code,
        "ordered_at": written(just_now()),
        "lines": [{"sku": "COFFEE", "quantity": 2}],
    }
    return {name: value for name, value in (body | changes).items() if value is not ...}
