"""The agreement that makes a customer a distributor, and the evidence that it was accepted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from typing_extensions import override

from distributors.models.members import Member
from distributors.models.parties import Party


class AgreementVersion(models.Model):
    """One wording of the distributor agreement; a wording never changes, a new one is made."""

    label = models.CharField(max_length=40, unique=True, help_text="For example 2026-01.")
    title = models.CharField(max_length=200)
    body = models.TextField()
    digest = models.CharField(max_length=64, editable=False, help_text="SHA-256 of the body.")
    effective_from = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    @override
    def __str__(self) -> str:
        return f"{self.title} {self.label}"


class AgreementAcceptance(models.Model):
    """Somebody accepted a wording: who, which, when, from where. Append-only."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="acceptances")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="acceptances")
    agreement = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, related_name="acceptances"
    )
    document_digest = models.CharField(max_length=64)
    accepted_at = models.DateTimeField()
    ip_address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "agreement"], name="agreement_accepted_once_by_a_member"
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.member} accepted {self.agreement}"
