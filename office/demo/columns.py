"""The rows of members and orders as numpy columns, and what their small numbers stand for.

Times are int8 microseconds since 2000, as PostgreSQL has them; `NEVER` is its infinity, and becomes
NULL on the way into a table. Member id 0 is nobody.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from distributors.codes import ALPHABET, LENGTH
from distributors.models import Status
from orders.models import Order, Purpose

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NEVER: Final = int(np.iinfo(np.int64).max)
DAY: Final = 86_400_000_000
HOUR: Final = 3_600_000_000
SECOND: Final = 1_000_000

STATUSES: Final = [status.value for status in Status]
ORDER_STATUSES: Final = [status.value for status in Order.Status]
PURPOSES: Final = [purpose.value for purpose in Purpose]

MEMBERS: Final = np.dtype(
    [
        ("member_id", "i8"),
        ("party_id", "i8"),
        ("first_name", "i4"),
        ("last_name", "i4"),
        ("code", "S8"),
        ("market", "S2"),
        ("joined_at", "i8"),
    ]
)
VERSIONS: Final = np.dtype(
    [
        ("member_id", "i8"),
        ("sponsor_id", "i8"),
        ("enroller_id", "i8"),
        ("is_distributor", "?"),
        ("status", "i2"),
        ("effective_from", "i8"),
        ("effective_until", "i8"),
    ]
)
ORDERS: Final = np.dtype(
    [
        ("order_id", "i8"),
        ("buyer_id", "i8"),
        ("credited_id", "i8"),
        ("is_distributor", "?"),
        ("market", "S2"),
        ("currency", "S3"),
        ("status", "i2"),
        ("goods_minor", "i8"),
        ("discount_minor", "i8"),
        ("shipping_minor", "i8"),
        ("ordered_at", "i8"),
        ("paid_at", "i8"),
        ("shipped_at", "i8"),
    ]
)
# A line repeats what its sale needs of the order: cheaper than joining millions of rows.
LINES: Final = np.dtype(
    [
        ("line_id", "i8"),
        ("order_id", "i8"),
        ("position", "i2"),
        ("product_id", "i8"),
        ("purpose", "i2"),
        ("quantity", "i4"),
        ("unit_price_minor", "i8"),
        ("discount_minor", "i8"),
        ("pv", "i8"),
        ("cv", "i8"),
        ("buyer_id", "i8"),
        ("credited_id", "i8"),
        ("is_distributor", "?"),
        ("currency", "S3"),
        ("paid_at", "i8"),
    ]
)

_CODES: Final = len(ALPHABET) ** LENGTH
_STEP: Final = 527_115_785_323  # about 0.618 of all codes, and not divisible by 31
_OFFSET: Final = 271_828_182_845


def member_codes(member_ids: Ints) -> npt.NDArray[np.bytes_]:
    """Return a code for each member id below 2**30: different ids have different codes.

    An affine permutation of all codes; the product is made in two halves that int64 can hold.

    >>> len(set(member_codes(np.arange(1, 1001)).tolist()))
    1000
    """
    if len(member_ids) and int(member_ids.max()) >= 1 << 30:
        raise ValueError("member ids of 2**30 and above have no code here")
    high, low = divmod(_STEP, 1 << 20)
    product = ((member_ids * high % _CODES << 20) % _CODES + member_ids * low) % _CODES
    number = (product + _OFFSET) % _CODES
    letters = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
    code = np.empty((len(member_ids), LENGTH), dtype=np.uint8)
    for place in reversed(range(LENGTH)):
        number, digit = np.divmod(number, len(ALPHABET))
        code[:, place] = letters[digit]
    return code.view(f"S{LENGTH}").ravel()
