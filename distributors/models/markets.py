"""A country that the company is open in."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from typing_extensions import override


class Market(models.Model):
    """A country with its currency; members belong to one, prices are per market."""

    code = models.CharField(
        max_length=2,
        primary_key=True,
        validators=[RegexValidator(r"^[A-Z]{2}$", "Two capital letters, as in ISO 3166.")],
    )
    name = models.CharField(max_length=100)
    currency = models.CharField(
        max_length=3,
        validators=[RegexValidator(r"^[A-Z]{3}$", "Three capital letters, as in ISO 4217.")],
    )

    @override
    def __str__(self) -> str:
        return self.name
