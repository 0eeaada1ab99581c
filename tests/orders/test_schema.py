"""The database has every constraint and index that a model declares: migrations lose some silently.

Django drops all plain indexes of a column when its field loses `db_index`, conditional unique
constraints among them, and its own state goes on believing that they are there.
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model

from mlm.loading import rows_of

OURS = ("accounts", "distributors", "orders", "commissions", "office")
MODELS = [
    model
    for app in OURS
    for model in apps.get_app_config(app).get_models()
    if model._meta.managed and not model._meta.proxy
]


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_the_database_has_what_the_model_declares(model: type[Model]) -> None:
    with connection.cursor() as cursor:
        there = connection.introspection.get_constraints(cursor, model._meta.db_table)

    declared = {one.name for one in (*model._meta.constraints, *model._meta.indexes)}
    assert declared <= there.keys()


@pytest.mark.django_db
def test_an_order_is_written_into_few_indexes() -> None:
    """Each further index slows every order down: add one here only for a query that needs it."""
    tables = ["orders_order", "orders_orderline", "orders_saleline"]
    found = rows_of(
        "SELECT indrelid::regclass::text, count(*) FROM pg_index"
        " WHERE indrelid::regclass::text = ANY(%s) GROUP BY 1",
        [tables],
    )

    assert dict(found) == dict(zip(tables, (8, 3, 9), strict=True))
