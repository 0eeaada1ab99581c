"""People and companies, their logins, and which member each of them holds.

A spouse, an inheritance or a sale of the business changes holdings, never the member and so
never the network or its history.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from typing_extensions import override

from distributors.models.members import Member


class Party(models.Model):
    """A person or a company that can hold a member."""

    class Kind(models.TextChoices):
        PERSON = "person", "person"
        COMPANY = "company", "company"

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PERSON)
    name = models.CharField(max_length=200, help_text="The full legal name.")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "parties"
        indexes: ClassVar = [models.Index(fields=["email"], name="party_email")]

    @override
    def __str__(self) -> str:
        return self.name


class Login(models.Model):
    """A user who acts for a party in the back office."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="login"
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="logins")

    @override
    def __str__(self) -> str:
        return str(self.user)


class Holding(models.Model):
    """Who holds a member, as what, from when to when."""

    class Capacity(models.TextChoices):
        HOLDER = "holder", "holder"
        CO_APPLICANT = "co_applicant", "co-applicant"
        PAYEE = "payee", "payee"
        TAX_REPORTABLE = "tax_reportable", "reported to the tax office"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="holdings")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="holdings")
    capacity = models.CharField(max_length=20, choices=Capacity.choices, default=Capacity.HOLDER)
    effective_from = models.DateTimeField()
    effective_until = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(effective_until=None) | Q(effective_until__gt=F("effective_from")),
                name="holding_ends_after_it_starts",
            ),
            # With the trigger that refuses overlaps; see `MemberVersion` on why not by exclusion
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(capacity="holder", effective_until=None),
                name="one_holder_of_a_member_at_a_time",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.party} ({self.get_capacity_display()})"
