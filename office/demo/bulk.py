"""Writing many members and orders at once: numpy columns by binary COPY into temporary tables, and
from there by one INSERT a table, where PostgreSQL adds what has no fixed width.

Every constraint and trigger of the tables holds. Call it inside a transaction.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from django.db.backends.utils import CursorWrapper

from mlm.copying import Rows, copy_in
from office.demo.columns import ORDER_STATUSES, PURPOSES, STATUSES
from orders.drafting import SALE_PURPOSES

_COLUMN_TYPES: Final = {"i8": "bigint", "i4": "integer", "i2": "smallint", "b1": "boolean"}
_TIMES: Final = frozenset(
    "joined_at effective_from effective_until ordered_at paid_at shipped_at".split()
)

_SALES: Final = [number for number, name in enumerate(PURPOSES) if name in SALE_PURPOSES]

_INSERT_PARTIES = """
INSERT INTO distributors_party (id, kind, name, email, phone)
SELECT s.party_id, 'person', f.name || ' ' || l.name,
       f.plain || '.' || l.plain || '.' || lower(left(s.code, 4)) || '@example.com', ''
  FROM seed_members s JOIN seed_first_names f ON f.id = s.first_name
  JOIN seed_last_names l ON l.id = s.last_name
"""
_INSERT_MEMBERS = """
INSERT INTO distributors_member (id, code, referral_code, name, market_id, joined_at, is_house)
SELECT s.member_id, s.code, lower(s.code), f.name || ' ' || l.name, s.market, s.joined_at, false
  FROM seed_members s JOIN seed_first_names f ON f.id = s.first_name
  JOIN seed_last_names l ON l.id = s.last_name
"""
_INSERT_HOLDINGS = """
INSERT INTO distributors_holding (member_id, party_id, capacity, effective_from)
SELECT member_id, party_id, 'holder', joined_at FROM seed_members
"""
_INSERT_VERSIONS = """
INSERT INTO distributors_memberversion (member_id, role, status, sponsor_id, enroller_id,
       effective_from, effective_until)
SELECT member_id, CASE WHEN is_distributor THEN 'distributor' ELSE 'customer' END,
       (%s::text[])[status + 1], nullif(sponsor_id, 0), nullif(enroller_id, 0), effective_from,
       nullif(effective_until, 'infinity')
  FROM seed_versions
"""
_INSERT_ORDERS = """
INSERT INTO orders_order (id, code, storefront_id, external_id, buyer_id, buyer_role, credited_id,
       market_id, currency, status, goods_minor, discount_minor, shipping_minor, tax_minor,
       total_minor, ordered_at, paid_at, shipped_at, commission_at)
SELECT order_id, 'or_' || left(md5('order ' || order_id), 20), %s, 'W' || order_id + 100000,
       buyer_id, CASE WHEN is_distributor THEN 'distributor' ELSE 'customer' END, credited_id,
       market, currency, (%s::text[])[status + 1], goods_minor, discount_minor, shipping_minor, 0,
       goods_minor - discount_minor + shipping_minor, ordered_at, nullif(paid_at, 'infinity'),
       nullif(shipped_at, 'infinity'), nullif(paid_at, 'infinity')
  FROM seed_orders
"""
_INSERT_LINES = """
INSERT INTO orders_orderline (id, order_id, position, product_id, sku, name, purpose, quantity,
       unit_price_minor, discount_minor, net_minor, pv, cv)
SELECT s.line_id, s.order_id, s.position, s.product_id, p.sku, p.name,
       (%s::text[])[s.purpose + 1], s.quantity, s.unit_price_minor, s.discount_minor,
       s.unit_price_minor * s.quantity - s.discount_minor, s.pv, s.cv
  FROM seed_lines s JOIN orders_product p ON p.id = s.product_id
"""
_INSERT_SALES = """
INSERT INTO orders_saleline (order_id, order_line_id, buyer_id, buyer_role, credited_id, purpose,
       commission_at, pv, cv, net_minor, currency)
SELECT order_id, line_id, buyer_id,
       CASE WHEN is_distributor THEN 'distributor' ELSE 'customer' END, credited_id,
       (%s::text[])[purpose + 1], paid_at, pv, cv, unit_price_minor * quantity - discount_minor,
       currency
  FROM seed_lines WHERE purpose = ANY(%s) AND paid_at <> 'infinity'
"""


def reserve_ids(cursor: CursorWrapper, table: str, count: int) -> int:
    """Return the first of `count` ids in a row that are taken from the table's sequence.

    The caller keeps others from inserting, or an id could be given twice.
    """
    cursor.execute(
        "SELECT setval(s, (SELECT nextval(s)) + %s) - %s"
        " FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS s) AS sequence",
        [count - 1, count - 1, table],
    )
    (first,) = cursor.fetchone()
    return int(first)


def write_members(
    cursor: CursorWrapper,
    members: Rows,
    versions: Rows,
    *,
    first_names: Sequence[str],
    last_names: Sequence[str],
) -> None:
    """Write members with their parties, holdings and dated places in the network."""
    stage(cursor, "seed_members", members)
    stage(cursor, "seed_versions", versions)
    _stage_names(cursor, "seed_first_names", first_names)
    _stage_names(cursor, "seed_last_names", last_names)
    cursor.execute(_INSERT_PARTIES)
    cursor.execute(_INSERT_MEMBERS)
    cursor.execute(_INSERT_HOLDINGS)
    cursor.execute(_INSERT_VERSIONS, [STATUSES])
    cursor.execute("DROP TABLE seed_members, seed_versions, seed_first_names, seed_last_names")


def write_orders(cursor: CursorWrapper, orders: Rows, lines: Rows, *, storefront_id: int) -> None:
    """Write orders with their lines, and the sales of those that are paid."""
    stage(cursor, "seed_orders", orders)
    stage(cursor, "seed_lines", lines)
    cursor.execute(_INSERT_ORDERS, [storefront_id, ORDER_STATUSES])
    cursor.execute(_INSERT_LINES, [PURPOSES])
    cursor.execute(_INSERT_SALES, [PURPOSES, _SALES])
    cursor.execute("DROP TABLE seed_orders, seed_lines")


def stage(cursor: CursorWrapper, table: str, rows: Rows) -> None:
    """Make a temporary table of a structured array."""
    columns = ", ".join(
        f"{name} {_column_type(name, rows.dtype[name])}" for name in rows.dtype.names or ()
    )
    cursor.execute(f"CREATE TEMPORARY TABLE {table} ({columns}) ON COMMIT DROP")
    copy_in(cursor, table, rows)
    cursor.execute(f"ANALYZE {table}")


def _column_type(name: str, dtype: np.dtype[Any]) -> str:
    if name in _TIMES:
        return "timestamptz"
    return "text" if dtype.kind == "S" else _COLUMN_TYPES[dtype.str[1:]]


def _stage_names(cursor: CursorWrapper, table: str, names: Sequence[str]) -> None:
    cursor.execute(
        f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS"  # noqa: S608  (a name of ours)
        " SELECT row_number() OVER () - 1 AS id, name, plain"
        " FROM unnest(%s::text[], %s::text[]) AS given (name, plain)",
        [list(names), [plain_letters(name) for name in names]],
    )
    cursor.execute(f"ANALYZE {table}")


def plain_letters(name: str) -> str:
    """Return a name as it may stand in an e-mail address.

    >>> plain_letters("Núñez O'Hara"), plain_letters("Łukasz")
    ('nunezohara', 'lukasz')
    """
    folded = unicodedata.normalize("NFKD", name.lower().replace("ł", "l").replace("ø", "o"))
    return "".join(letter for letter in folded if letter.isascii() and letter.isalnum())
