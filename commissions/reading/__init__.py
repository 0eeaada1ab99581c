"""The database's side of a snapshot: what a period's figures are made of, as columns.

Everything is read in one transaction and by binary COPY, and only what the plan asks for.
"""

from __future__ import annotations

from django.db import connection

from commissions.books import Books
from commissions.engine import Plan
from commissions.models import Period
from commissions.reading.asking import asked_by
from commissions.reading.extent import extent_of
from commissions.reading.late import late_of
from commissions.reading.network import read_network, read_places
from commissions.reading.opening import opening_state, posted_pay
from commissions.reading.sales import read_sales
from commissions.rhythms import rhythm_of


def read_books(period: Period, plan: Plan) -> Books:
    """Read all that a period's figures are made of. Be in a REPEATABLE READ transaction."""
    rhythm = rhythm_of(period, plan)
    extent = extent_of(rhythm)
    asked = asked_by(plan, rhythm.cadence)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE((SELECT max(id) FROM orders_saleline), 0),"
            " COALESCE((SELECT max(id) FROM distributors_memberversion), 0),"
            " pg_current_snapshot()::text"
        )
        last_sale, last_version, visible = cursor.fetchone()
        late = late_of(cursor, extent, rhythm, plan, asked)
        return Books(
            dates=rhythm.dates(plan),
            network=read_network(cursor, extent, asked, plan),
            sales=read_sales(cursor, extent, asked, plan, late),
            places=read_places(cursor, extent, plan),
            state=opening_state(cursor, rhythm, plan),
            posted=posted_pay(cursor, rhythm, plan, asked),
            late=late.returns,
            matched_back=late.matched_back,
            prior=late.prior,
            last_sale_id=last_sale if extent.last_sale_id is None else extent.last_sale_id,
            last_version_id=last_version,
            visible=visible,
        )
