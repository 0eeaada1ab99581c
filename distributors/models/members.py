"""Members, and what is true of each from when to when.

A member is a place in the network; its id never changes. Everything about it that can change
and that pay depends on (role, state of life, sponsor, enroller) stands in `MemberVersion`, by two
times: when it took effect, and when it was recorded. A period is paid along the network effective
at its end, as recorded when it was locked, and both are one query.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now, Upper
from typing_extensions import override

from distributors.models.markets import Market
from mlm.database import ClockTimestamp, TransactionId


class Role(models.TextChoices):
    """What a member is in the business."""

    CUSTOMER = "customer", "customer"
    DISTRIBUTOR = "distributor", "distributor"


class Status(models.TextChoices):
    """Where a member is in the life cycle; what each state means stands in `StatusPolicy`."""

    APPLICANT = "applicant", "applicant"
    ACTIVE = "active", "active"
    SUSPENDED = "suspended", "suspended"
    LAPSED = "lapsed", "lapsed"
    TERMINATED = "terminated", "terminated"
    DECEASED = "deceased", "deceased"
    REINSTATED = "reinstated", "reinstated"


class StatusPolicy(models.Model):
    """What a state of the life cycle means, in switches that the company sets."""

    class Customers(models.TextChoices):
        STAY = "stay", "stay with the member"
        UPLINE = "upline", "are credited to the next distributor above, for as long as it lasts"

    status = models.CharField(max_length=20, choices=Status.choices, primary_key=True)
    earns = models.BooleanField("earns commission")
    pay_held = models.BooleanField("pay is worked out but held back")
    occupies_level = models.BooleanField("uses up a level")
    counts_as_leg = models.BooleanField("counts as a leg of the sponsor's")
    keeps_volume = models.BooleanField("own volume counts for the member")
    keeps_title = models.BooleanField("keeps the title")
    keeps_carry = models.BooleanField("keeps carried volume")
    may_sign_in = models.BooleanField("may sign in")
    may_enrol = models.BooleanField("may enrol others")
    customers = models.CharField("customers", max_length=10, choices=Customers.choices)

    class Meta:
        verbose_name = "life-cycle state"

    @override
    def __str__(self) -> str:
        return self.get_status_display()


class Member(models.Model):
    """Anyone in the network: a customer, who buys, or a distributor, who may earn."""

    code = models.CharField(
        max_length=12, unique=True, help_text="The member's public number; it never changes."
    )
    referral_code = models.CharField(
        max_length=40, help_text="What the member's links carry; the member may choose it."
    )
    name = models.CharField(
        max_length=200, help_text="The name this place goes by; uplines further off see less of it."
    )
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="members")
    joined_at = models.DateTimeField()
    is_house = models.BooleanField(
        "house account",
        default=False,
        help_text="The company's own place, for people who come without a link.",
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(code=Upper("code")), name="member_code_is_upper_case"
            ),
            models.UniqueConstraint(Lower("referral_code"), name="member_referral_code_once"),
            models.UniqueConstraint(
                fields=["is_house"], condition=Q(is_house=True), name="one_house_account"
            ),
        ]
        indexes: ClassVar = [
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="member_name_search")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class MemberVersion(models.Model):
    """What is true of a member from one moment to another, as known from one moment to another.

    `effective_until` empty: until further notice. `retired_at` empty: still what we believe.
    A change never overwrites: it retires a version and records those that take its place, so that
    the network as it was known at any lock can be read again.

    The row ids of `sponsor` and `enroller` may name customers as well as distributors: who brings
    a friend is the enroller also as a customer.
    """

    id = models.BigAutoField(primary_key=True)
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="versions", db_index=False
    )
    role = models.CharField(max_length=12, choices=Role.choices)
    status = models.CharField(max_length=12, choices=Status.choices)
    enroller = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="enrolled_versions"
    )
    sponsor = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="frontline_versions",
        db_index=False,
    )
    effective_from = models.DateTimeField()
    effective_until = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=ClockTimestamp())
    retired_at = models.DateTimeField(null=True, blank=True)
    xact = models.BigIntegerField(db_default=TransactionId(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(effective_until=None) | Q(effective_until__gt=F("effective_from")),
                name="member_version_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(retired_at=None) | Q(retired_at__gte=F("recorded_at")),
                name="member_version_retired_after_recorded",
            ),
            models.CheckConstraint(
                condition=~Q(sponsor=F("member")), name="member_is_not_own_sponsor"
            ),
            models.CheckConstraint(
                condition=~Q(enroller=F("member")), name="member_is_not_own_enroller"
            ),
            # With the trigger that refuses overlaps. An exclusion constraint would say the same,
            # but its GiST index is what the planner then walks uplines by, hundreds of times slower
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(retired_at=None, effective_until=None),
                name="one_version_of_a_member_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["member", "effective_from"],
                condition=Q(retired_at=None),
                name="one_version_of_a_member_from_a_moment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["sponsor", "member"],
                condition=Q(retired_at=None),
                name="member_version_frontline",
            ),
            models.Index(
                fields=["sponsor", "retired_at"],
                condition=Q(retired_at__isnull=False),
                name="member_version_once_in_front",
            ),
            models.Index(
                fields=["status", "member"],
                condition=Q(retired_at=None) & ~Q(status=Status.ACTIVE),
                name="member_version_unusual",
            ),
            models.Index(
                fields=["effective_until"],
                condition=Q(retired_at=None, effective_until__isnull=False),
                name="member_version_to_end",
            ),
            models.Index(fields=["member", "recorded_at"], name="member_version_history"),
            models.Index(fields=["xact"], name="member_version_by_xact"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.member_id}: {self.role}, {self.status} from {self.effective_from:%Y-%m-%d}"
