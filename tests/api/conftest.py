"""A storefront with a key for everything, the cast, and a coffee to sell.

Models are imported inside: pytest may load this file before Django is ready.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache

if TYPE_CHECKING:
    from tests.api.calling import Caller
    from tests.factories import Cast


@pytest.fixture(autouse=True)
def _counted_from_zero() -> None:
    cache.clear()


@pytest.fixture
def cast(db: None) -> Cast:
    """Return Alice, who sponsors Bob and Carl, and Dora, who is Bob's; and sell COFFEE."""
    from tests.factories import make_cast, make_product

    make_product()
    return make_cast()


@pytest.fixture
def shop(db: None) -> Caller:
    """Return the storefront, which may do everything."""
    from tests.api.calling import call_as
    from tests.factories import make_storefront

    return call_as(make_storefront())


@pytest.fixture
def order_body(cast: Cast) -> Callable[..., dict[str, Any]]:
    """Return what makes the body of Dora's order, with changes."""
    from tests.api.calling import order_of

    return lambda **changes: order_of(cast.dora, **changes)
