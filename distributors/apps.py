"""The network."""

from django.apps import AppConfig


class DistributorsConfig(AppConfig):
    """The network."""

    name = "distributors"
    default_auto_field = "django.db.models.BigAutoField"
