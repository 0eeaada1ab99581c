"""What is sold."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """What is sold."""

    name = "orders"
    default_auto_field = "django.db.models.BigAutoField"
