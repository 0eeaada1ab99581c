"""What pay refuses, each with a stable code."""

from mlm.errors import DomainError


class PeriodNotInThatState(DomainError):
    """The period's status does not allow it."""

    code = "period_not_in_that_state"


class PeriodStillInGrace(DomainError):
    """Late orders and returns of the period may still come."""

    code = "period_still_in_grace"


class EarlierPeriodNotPosted(DomainError):
    """Periods are posted in order: the one before is not."""

    code = "earlier_period_not_posted"


class NoPlan(DomainError):
    """No live plan version covers the start of the period."""

    code = "no_plan"


class RunNotInThatState(DomainError):
    """The run's status does not allow it."""

    code = "run_not_in_that_state"


class PlanNotInThatState(DomainError):
    """The plan version's status, or its time, does not allow it."""

    code = "plan_not_in_that_state"


class WrongCadence(DomainError):
    """The plan pays in another rhythm than the periods it is meant for."""

    code = "wrong_cadence"


class OwnRhythmMissing(DomainError):
    """A shorter rhythm is paid without periods of the plan's own rhythm around it."""

    code = "own_rhythm_missing"


class ShorterPeriodNotPosted(DomainError):
    """What shorter periods paid counts in this one, and one of them is not posted."""

    code = "shorter_period_not_posted"


class PlanNotForThisCompany(DomainError):
    """The plan asks for what the company's products, markets or trees do not have."""

    code = "plan_not_for_this_company"


class SaleInAnotherCurrency(DomainError):
    """The plan pays on money paid, and a sale was paid in another currency than the plan's."""

    code = "sale_in_another_currency"


class PlanUnlawful(DomainError):
    """The profile of rules that the company keeps to refuses something in the plan."""

    code = "plan_unlawful"


class FindingsUnsigned(DomainError):
    """Something in the plan wants a compliance officer's signature, and has none."""

    code = "findings_unsigned"


class SignatureRefused(DomainError):
    """This signature cannot be given: by this person, or about this text."""

    code = "signature_refused"


class PointsAbovePrice(DomainError):
    """Products carry more points than was paid for them, and the plan pays on points."""

    code = "points_above_price"


class PlanRefused(DomainError):
    """The plan version cannot be made live for several reasons; extra lists each."""

    code = "plan_refused"


class DraftChanged(DomainError):
    """Somebody else has changed the draft since it was read."""

    code = "draft_changed"


class ClosingCancelled(DomainError):
    """The closing was cancelled before its run was posted, and has left nothing."""

    code = "closing_cancelled"


class ClosingUnderWay(DomainError):
    """Somebody closes the period at this moment."""

    code = "closing_under_way"


class NothingToCancel(DomainError):
    """The period is not being closed, or it is too late: its run is posted."""

    code = "nothing_to_cancel"


class ExportRefused(DomainError):
    """Files cannot be written where they were asked for."""

    code = "export_refused"
