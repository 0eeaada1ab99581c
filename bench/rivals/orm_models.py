"""The month as tables of Django's, for the rivals that are written with its ORM.

They belong to no installed app: `bench.rivals.orm` makes them for one month, and nothing stays.
"""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from treebeard.mp_tree import MP_Node


class Seller(models.Model):
    """Somebody in the network, with the figures that a loop adds up."""

    sponsor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    pv = models.BigIntegerField(default=0)
    gv = models.BigIntegerField(default=0)
    covered = models.IntegerField(default=0)

    objects: ClassVar = models.Manager["Seller"]()

    class Meta:
        app_label = "bench"


class Sale(models.Model):
    """An order; `customer` is empty where the seller bought."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    customer = models.BigIntegerField(null=True)
    pv = models.BigIntegerField()
    cv = models.BigIntegerField()

    objects: ClassVar = models.Manager["Sale"]()

    class Meta:
        app_label = "bench"


class Place(MP_Node):  # type: ignore[misc]  # treebeard carries no types
    """Somebody in the network as django-treebeard keeps a tree: each with the path from the top."""

    number = models.BigIntegerField(unique=True)
    pv = models.BigIntegerField(default=0)
    gv = models.BigIntegerField(default=0)
    covered = models.IntegerField(default=0)

    class Meta:
        app_label = "bench"


class PlaceSale(models.Model):
    """An order of somebody in that tree."""

    seller = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    customer = models.BigIntegerField(null=True)
    pv = models.BigIntegerField()
    cv = models.BigIntegerField()

    objects: ClassVar = models.Manager["PlaceSale"]()

    class Meta:
        app_label = "bench"


class Line(models.Model):
    """What one sale pays one person."""

    earner = models.BigIntegerField()
    level = models.IntegerField()
    rate_ppm = models.BigIntegerField()
    base = models.BigIntegerField()
    amount = models.BigIntegerField()

    objects: ClassVar = models.Manager["Line"]()

    class Meta:
        app_label = "bench"


EVERYTHING: Final = (Seller, Sale, Place, PlaceSale, Line)
