"""All pages."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from typing_extensions import override


class OfficeConfig(AppConfig):
    """All pages."""

    name = "office"
    default_auto_field = "django.db.models.BigAutoField"

    @override
    def ready(self) -> None:
        """Have the staff groups made once there are rights to put into them."""
        from office.roles import make_missing_groups

        post_migrate.connect(
            make_missing_groups, sender=apps.get_app_config("auth"), dispatch_uid="staff groups"
        )
