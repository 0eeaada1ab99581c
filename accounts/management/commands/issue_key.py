"""Make an API key for a storefront, from a terminal."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from typing_extensions import override

from accounts.models import ApiKey, Storefront
from accounts.services import issue_key
from mlm.errors import DomainError


class Command(BaseCommand):
    """Prints the key and nothing else, so that a script can take it; nobody can see it again."""

    help = "Make an API key for a storefront (which is made too) and print it, once."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("storefront", help="Its code, as in: webshop")
        parser.add_argument("--name", default="made at a terminal", help="What the key is for.")
        parser.add_argument(
            "--scope",
            action="append",
            choices=ApiKey.Scope.values,
            help="What it may do; give it once for each scope. Without it: everything.",
        )
        parser.add_argument("--days", type=int, help="Until it expires; without it: never.")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        code = options["storefront"]
        if code != code.lower() or not code.replace("-", "").replace("_", "").isalnum():
            raise CommandError("A storefront's code has small letters, digits, - and _ only.")
        if options["days"] is not None and options["days"] < 1:
            raise CommandError("--days is at least 1.")
        storefront, _ = Storefront.objects.get_or_create(code=code, defaults={"name": code})
        expires_at = timezone.now() + timedelta(days=options["days"]) if options["days"] else None
        scopes = options["scope"] or ApiKey.Scope.values
        try:
            _, key = issue_key(storefront, options["name"], scopes, None, expires_at)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(key)
