"""Make a large network with a month of orders, to measure and to try things out."""

from __future__ import annotations

import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone
from typing_extensions import override

from distributors.errors import BooksClosed
from office.demo.buying import read_catalogue
from office.demo.ground import lay_ground, month_around
from office.demo.moments import moment
from office.demo.network import Month, Size, write_network
from office.demo.shapes import SHAPES

IN_USE = "Somebody else uses the tables: stop web and workers before a large load."


class Command(BaseCommand):
    """Writes members and orders by COPY: a million of each in well under a minute or two."""

    help = (
        "Make a large network with orders of the current month. What is missing of markets,"
        " products, plan and periods is made too. Everything is written, or nothing."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--members", type=count, required=True)
        parser.add_argument("--orders", type=count, required=True)
        parser.add_argument(
            "--shape",
            choices=sorted(SHAPES),
            default="mixed",
            help="wide: five levels; mixed: as people join; deep: a leg that is a chain of up to"
            " 20,000; chain: nothing but one. Default: mixed.",
        )
        parser.add_argument("--seed", type=int, default=1, help="Same seed, same network.")
        parser.add_argument(
            "--customers-per-cent",
            type=int,
            choices=range(100),
            metavar="0-99",
            default=60,
            help="How many of a hundred members are customers. Default: 60.",
        )
        parser.add_argument(
            "--lines", type=count, default=1, help="Orders have one to so many lines. Default: 1."
        )
        parser.add_argument("--at", type=moment, help="The moment it is now, in ISO form.")

    @override
    def handle(self, **options: Any) -> None:
        at = options["at"] or timezone.now()
        if not options["members"] or not options["lines"]:
            raise CommandError("A network has at least one member, and an order one line.")
        started = time.monotonic()

        def say(text: str) -> None:
            self.stdout.write(f"{time.monotonic() - started:7.1f} s  {text}")
            self.stdout.flush()

        say("markets, products, plan, periods")
        ground = lay_ground(at=at)
        size = Size(
            members=options["members"],
            orders=options["orders"],
            shape=options["shape"],
            customers_per_cent=options["customers_per_cent"],
            lines_max=options["lines"],
        )
        try:
            write_network(
                size,
                Month(starts_at=month_around(ground.period_type, at).starts_at, at=at),
                seed=options["seed"],
                catalogue=read_catalogue(at=at),
                storefront_id=ground.storefront.pk,
                house=ground.house,
                say=say,
            )
        except BooksClosed as refusal:
            raise CommandError(refusal.message) from refusal
        except OperationalError as error:
            raise CommandError(f"{IN_USE}\n{error}") from error
        say("done")


def count(text: str) -> int:
    """Return a whole number that is not negative; 1_000_000 and 1,000,000 are read too."""
    try:
        number = int(text.replace(",", ""))
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no whole number") from None
    if number < 0:
        raise ArgumentTypeError("write a number that is not negative")
    return number
