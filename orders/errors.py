"""What selling refuses, each with a stable code."""

from mlm.errors import DomainError, Unprocessable


class OrderDiffers(DomainError):
    """The storefront has used this order id for another order."""

    code = "order_differs"


class ProductNotOnSale(DomainError):
    """A product is unknown, not on sale, or has no price in the market at that time."""

    code = "product_not_on_sale"


class OrderNotInThatState(DomainError):
    """The order's status does not allow it."""

    code = "order_not_in_that_state"


class ReturnsTooMuch(DomainError):
    """More pieces come back than were sold and not yet returned."""

    code = "returns_too_much"


class ReturnDiffers(DomainError):
    """The storefront has used this return id of the order for another return."""

    code = "return_differs"


class BuyerCannotOrder(DomainError):
    """The buyer is no member at that time."""

    code = "buyer_cannot_order"


class WrongAmounts(DomainError):
    """Amounts of an order that cannot be."""

    code = "wrong_amounts"


class PaidAtDiffers(DomainError):
    """The order was paid before, at another time."""

    code = "paid_at_differs"


class UnknownBuyer(Unprocessable):
    """Nobody has the member code."""

    code = "unknown_buyer"


class UnknownReferralCode(Unprocessable):
    """Nobody has the referral code."""

    code = "unknown_referral_code"


class UnknownMarket(Unprocessable):
    """The company is not open in that market."""

    code = "unknown_market"


class WrongCurrency(Unprocessable):
    """An amount is not in the currency of the buyer's market."""

    code = "wrong_currency"
