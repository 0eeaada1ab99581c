"""Parties, members and their dated places in the network."""

from distributors.models.agreements import AgreementAcceptance, AgreementVersion
from distributors.models.books import LockedStretch
from distributors.models.changes import BusinessEvent, Change
from distributors.models.markets import Market
from distributors.models.members import Member, MemberVersion, Role, Status, StatusPolicy
from distributors.models.parties import Holding, Login, Party

__all__ = [
    "AgreementAcceptance",
    "AgreementVersion",
    "BusinessEvent",
    "Change",
    "Holding",
    "LockedStretch",
    "Login",
    "Market",
    "Member",
    "MemberVersion",
    "Party",
    "Role",
    "Status",
    "StatusPolicy",
]
