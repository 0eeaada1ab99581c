"""Reading quickly and reading carefully say the same of every body, or quick reading says nothing.

Bodies are drawn near to right ones: a field left out, added, or of another value here and there.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError as ValueRefused
from hypothesis import given
from hypothesis import strategies as draw
from rest_framework.exceptions import ValidationError

from mlm.fields import StrictSerializer
from mlm.reading import NotQuick, read, reader_of
from orders.api.serializers import OrderIn, PayIn, ReturnIn

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
RIGHT: dict[str, Any] = {
    "external_id": "1001",
    "customer": {"name": "Ann Ames", "email": "ann@example.com", "market": "US"},
    "referral_code": "dora",
    "ordered_at": "2026-11-20T11:00:00Z",
    "paid_at": "2026-11-20T12:05:00+01:00",
    "lines": [{"sku": "COFFEE", "quantity": 2}, {"sku": "TEA", "quantity": 1, "resale": True}],
    "tax": {"amount": "1.10", "currency": "USD"},
}
ODD = draw.one_of(
    draw.none(),
    draw.booleans(),
    draw.integers(-2, 10_002),
    draw.floats(),
    draw.text(max_size=3),
    draw.sampled_from(
        [
            *("", " ", "a b", " a", "a ", "é", "\0", "a\nb", "a\n", "\ud800", "x" * 101, "x" * 201),
            *("US", "us", "USD", "EUR", "JPY", "1", "1.1", "1.111", "-1", "1e3", "0.00", "9" * 13),
            *("2026-11-20T12:09:59Z", "2026-11-20T12:10:01Z", "1999-12-31T23:59:59Z"),
            *("2000-01-01T00:00:00+00:01", "2026-11-20", "2026-02-30T00:00:00Z", "ann@example"),
            *([], [1], {}, {"sku": "A", "quantity": 1}, [{"sku": "A", "quantity": 1}]),
        ]
    ),
)


def careful(serializer: type[StrictSerializer], body: Any) -> Any:
    """Return what the serializer says: its values, or its mistakes."""
    reading = serializer(data=body, context={"at": AT})
    return reading.validated_data if reading.is_valid() else reading.errors


@draw.composite
def near(pick: draw.DrawFn, right: Any) -> Any:
    """Return a body like the right one, changed in a place or two."""
    if not isinstance(right, dict | list) or pick(draw.integers(0, 9)) == 0:
        return pick(ODD) if pick(draw.integers(0, 9)) == 0 else right
    if isinstance(right, list):
        return [pick(near(part)) for part in right] * pick(draw.sampled_from([1, 1, 1, 0, 2, 251]))
    body = {name: pick(near(value)) for name, value in right.items() if pick(draw.integers(0, 14))}
    if pick(draw.integers(0, 14)) == 0:
        body[pick(draw.sampled_from(["buyer", "price", "discount"]))] = pick(ODD)
    return body


@given(near(RIGHT))
def test_what_is_read_quickly_is_what_is_read_carefully(body: Any) -> None:
    try:
        values = reader_of(OrderIn)(body, AT)
    except (NotQuick, ValidationError, ValueRefused):
        return

    assert values == careful(OrderIn, body)


@given(near(RIGHT))
def test_reading_finds_what_the_serializer_finds(body: Any) -> None:
    try:
        found: Any = read(OrderIn, body, at=AT)
    except ValidationError as mistakes:
        found = mistakes.detail

    assert found == careful(OrderIn, body)


@pytest.mark.parametrize("left_out", ["", "tax", "paid_at", "referral_code"])
def test_a_right_order_is_read_quickly(left_out: str) -> None:
    body = {name: value for name, value in RIGHT.items() if name != left_out}

    assert reader_of(OrderIn)(body, AT) == careful(OrderIn, body)


def test_a_field_with_rules_of_its_own_is_read_carefully() -> None:
    lines = [{"line": 1, "quantity": 1}] * 2
    body = {"external_id": "R", "returned_at": RIGHT["paid_at"], "lines": lines}

    with pytest.raises(NotQuick):
        reader_of(ReturnIn)(body, AT)
    with pytest.raises(ValidationError):
        read(ReturnIn, body, at=AT)
    assert reader_of(PayIn)({"paid_at": RIGHT["paid_at"]}, AT)
