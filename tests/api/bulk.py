"""Many orders in one request, for tests of the API."""

from __future__ import annotations

from typing import Any

from tests.api.calling import Caller, just_now, order_of, written
from tests.factories import Cast


def by_customer(cast: Cast, number: int, **changes: Any) -> dict[str, Any]:
    """Return the body of a paid first order of somebody new."""
    return (
        order_of(
            cast.dora,
            external_id=f"C-{number}",
            buyer=...,
            customer={"name": f"Ann Ames {number}", "email": f"ann{number}@example.com"},
            referral_code=cast.dora.referral_code,
            paid_at=written(just_now()),
        )
        | changes
    )


def send(shop: Caller, orders: list[Any], **options: Any) -> Any:
    """Send orders in bulk and return the answer's body."""
    answer = shop.post("/orders/bulk", {"orders": orders}, **options)
    assert answer.status_code == 200, answer.content
    return answer.json()
