"""All pages."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """All pages."""

    name = "office"
    default_auto_field = "django.db.models.BigAutoField"
