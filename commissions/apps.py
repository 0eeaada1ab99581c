"""What is earned."""

from django.apps import AppConfig


class CommissionsConfig(AppConfig):
    """What is earned."""

    name = "commissions"
    default_auto_field = "django.db.models.BigAutoField"
