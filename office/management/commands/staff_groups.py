"""Bring the staff groups back to the rights that Upline ships."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from typing_extensions import override

from office.roles import ROLES, reset_groups


class Command(BaseCommand):
    """`manage.py staff_groups`: says what each group may do, after making it so."""

    help = "Bring the staff groups back to the rights that Upline ships; safe to run twice."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        """Reset the groups."""
        for name in reset_groups():
            self.stdout.write(f"{name}: {len(ROLES[name])} rights")
