"""What the network refuses, each with a stable code."""

from mlm.errors import DomainError


class SponsorCannotEnrol(DomainError):
    """The sponsor is no member who may enrol others at that time."""

    code = "sponsor_cannot_enrol"


class AlreadyDistributor(DomainError):
    """The member has signed the agreement before."""

    code = "already_distributor"


class NotAllowedInThisState(DomainError):
    """The member's state of life does not allow it."""

    code = "not_allowed_in_this_state"


class InOwnDownline(DomainError):
    """The move would put a member below itself."""

    code = "in_own_downline"


class BooksClosed(DomainError):
    """The time lies in a stretch whose books are closed."""

    code = "books_closed"


class EmailTaken(DomainError):
    """Somebody signs in with that address already."""

    code = "email_taken"


class AgreementNotCurrent(DomainError):
    """The wording that was accepted is not the one in force."""

    code = "agreement_not_current"
