"""Who may sign in or call the API."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who may sign in or call the API."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
