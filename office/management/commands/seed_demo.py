"""Make the demo company, once."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from datetime import datetime
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from typing_extensions import override

from office.demo import company, signins, story
from office.demo.moments import moment

MEMBERS: Final = 2_000
FEWEST: Final = 200


class Command(BaseCommand):
    """Tells four months of a coffee and tea company that does not exist."""

    help = (
        f"Make {company.NAME}, a company to try Upline with, and four months of its orders. Once it"
        " is there nothing is done."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="Same seed, same company.")
        parser.add_argument(
            "--members",
            type=int,
            default=MEMBERS,
            help=f"How many people; at least {FEWEST}. Default: {MEMBERS}.",
        )
        parser.add_argument("--at", type=moment, help="The moment it is now, in ISO form.")
        parser.add_argument(
            "--signins",
            action="store_true",
            help="Print who can sign in, a line of JSON each, and make nothing.",
        )

    @override
    def handle(self, **options: Any) -> None:
        now = timezone.now()
        if options["signins"]:
            if not signins.are_there():
                raise CommandError("There is no demo company here: make it with seed_demo.")
            for entry in signins.current(at=now).signins:
                self.stdout.write(json.dumps(entry._asdict()))
            return
        if signins.are_there():
            self.stdout.write(f"{company.NAME} is already there.")
        elif story.is_there():
            raise CommandError("The database has other members: the demo wants one of its own.")
        else:
            self._make(options["members"], options["seed"], options["at"] or now)
        signins.current(at=now)

    def _make(self, members: int, seed: int, at: datetime) -> None:
        if members < FEWEST:
            raise CommandError(f"A company has at least {FEWEST} members.")
        started = time.monotonic()

        def say(text: str) -> None:
            self.stdout.write(f"{time.monotonic() - started:7.1f} s  {text}")
            self.stdout.flush()

        story.tell_story(members=members, seed=seed, at=at, say=say)
        say("done")
