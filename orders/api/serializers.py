"""What storefronts send about orders and returns, and what they get back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from typing_extensions import override

from distributors.models import Role
from mlm.cursors import PageIn
from mlm.fields import (
    FOREIGN_ID,
    FlagField,
    MomentOut,
    MoneyField,
    MoneyOut,
    PointsOut,
    StrictSerializer,
    TextField,
    TimeField,
    WholeNumberField,
)
from mlm.schema import ProblemOut
from orders.models import Order, Product, Purpose

MOST_LINES: Final = 500
MOST_ORDERS: Final = 1_000
MOST_PIECES: Final = 10_000
RESULTS: Final = ("created", "existing", "refused")
MEMBER_CODE: Final = r"^[0-9A-Z]{1,12}$"
MARKET_CODE: Final = r"^[A-Z]{2}$"
NOT_AN_ID: Final = "Write 1 to 100 visible ASCII characters, with no spaces at the ends."


class ForeignId(TextField):
    """The storefront's own number of something."""

    def __init__(self, **options: Any) -> None:
        super().__init__(pattern=FOREIGN_ID, wrong=NOT_AN_ID, max_length=100, **options)


class Sku(TextField):
    """A product's number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(pattern=FOREIGN_ID, wrong="This is no SKU.", max_length=40, **options)


class Email(TextField):
    """An e-mail address, as it was sent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=254, **options)
        self.validators.append(serializers.EmailField().validators[-1])


class LineIn(StrictSerializer):
    """So many pieces of a product."""

    sku = Sku(help_text="The product's number. Price and volumes are ours and cannot be sent.")
    quantity = WholeNumberField(min_value=1, max_value=MOST_PIECES)
    resale = FlagField(
        default=False, help_text="A distributor buys this to sell on. Of no effect for customers."
    )


class CustomerIn(StrictSerializer):
    """A buyer whom the storefront knows by address."""

    name = TextField(max_length=200)
    email = Email(help_text="Finds the customer again. A known customer stays with their seller.")
    market = TextField(
        pattern=MARKET_CODE,
        wrong='Write a country, as in "US".',
        required=False,
        help_text="Where a new customer lives; without it, the seller's market.",
    )


class OrderIn(StrictSerializer):
    """An order: what was sold to whom. Either `buyer` or `customer` says to whom."""

    rules = {
        "oneOf": [{"required": ["buyer"]}, {"required": ["customer"]}],
        "dependentRequired": {"referral_code": ["customer"]},
    }

    external_id = ForeignId(help_text="Your own order number; unique for ever in your storefront.")
    buyer = TextField(
        pattern=MEMBER_CODE,
        wrong="This is no member code.",
        required=False,
        help_text="A member's code, for somebody who is in the network already.",
    )
    customer = CustomerIn(required=False)
    referral_code = ForeignId(
        required=False,
        help_text="From the link or typed at checkout: whose customer a new customer becomes."
        " Without it, the company's own.",
    )
    ordered_at = TimeField()
    paid_at = TimeField(required=False, help_text="Leave it out and pay the order by a later call.")
    lines = LineIn(many=True, min_length=1, max_length=MOST_LINES)  # type: ignore[call-arg]  # many's own
    discount = MoneyField(required=False, help_text="On the whole order; cuts volumes with it.")
    shipping = MoneyField(required=False)
    tax = MoneyField(required=False)

    @override
    def mistakes_between(self, data: Mapping[str, Any]) -> dict[str, ErrorDetail]:
        """Say who the buyer is, once."""
        if ("buyer" in data) == ("customer" in data):
            both = ErrorDetail("Send either buyer or customer.", "buyer_or_customer")
            return {"buyer": both}
        if "referral_code" in data and "customer" not in data:
            needless = ErrorDetail("It goes with customer, not with buyer.", "needs_customer")
            return {"referral_code": needless}
        return {}


@extend_schema_field(
    {
        "type": "array",
        "items": {"$ref": "#/components/schemas/OrderIn"},
        "minItems": 1,
        "maxItems": MOST_ORDERS,
    }
)
class ManyOrders(serializers.Field[Any, Any, Any, Any]):
    """Orders that are each read by themselves, so that a wrong one holds up no other."""

    @override
    def to_internal_value(self, data: Any) -> list[Any]:
        """Return them as they were sent."""
        if not isinstance(data, list):
            raise ValidationError("Write this as a list.", "not_a_list")
        if not data:
            raise ValidationError("Send at least one order.", "min_length")
        if len(data) > MOST_ORDERS:
            raise ValidationError(f"Send at most {MOST_ORDERS} orders at once.", "max_length")
        return data


class OrdersBulkIn(StrictSerializer):
    """Many orders at once."""

    orders = ManyOrders(help_text="Each as it would be sent alone.")


class PayIn(StrictSerializer):
    """When an order was paid."""

    paid_at = TimeField(help_text="The payment provider's time: it decides the period.")


class PiecesIn(StrictSerializer):
    """So many pieces of an order's line."""

    line = WholeNumberField(min_value=1, max_value=MOST_LINES, help_text="`line` in the order.")
    quantity = WholeNumberField(min_value=1, max_value=MOST_PIECES)


class ReturnIn(StrictSerializer):
    """Goods that came back."""

    external_id = ForeignId(help_text="Your own return number; unique for ever in the order.")
    reason = TextField(max_length=200, required=False, default="")
    lines = PiecesIn(many=True, min_length=1, max_length=MOST_LINES)  # type: ignore[call-arg]  # many's own
    returned_at = TimeField()

    def validate_lines(self, lines: list[dict[str, int]]) -> list[dict[str, int]]:
        """Refuse a line that is named twice."""
        seen: set[int] = set()
        mistakes: list[dict[str, list[ErrorDetail]]] = []
        for pieces in lines:
            twice = pieces["line"] in seen
            detail = ErrorDetail("This line is named twice.", "named_twice")
            mistakes.append({"line": [detail]} if twice else {})
            seen.add(pieces["line"])
        if any(mistakes):
            raise ValidationError(mistakes)
        return lines


class OrdersIn(PageIn):
    """Which orders."""

    external_id = ForeignId(required=False, help_text="The one order with this number of yours.")
    created_since = TimeField(required=False, help_text="Made here at this time or later.")
    updated_since = TimeField(
        required=False,
        help_text="Made or changed at this time or later, in the order of the changes."
        " To follow along, ask from a minute before the last time you asked.",
    )


class ProductsIn(PageIn):
    """Which products."""

    market = TextField(pattern=MARKET_CODE, wrong='Write a country, as in "US".')


class OrderLineOut(serializers.Serializer[Any]):
    """One line of an order. Volumes are those of the whole line, after its share of discounts."""

    line = serializers.IntegerField(source="position")
    sku = serializers.CharField()
    name = serializers.CharField()
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    quantity = serializers.IntegerField()
    returned = serializers.SerializerMethodField(help_text="How many pieces came back so far.")
    unit_price = MoneyOut("unit_price_minor", of="order.currency")
    discount = MoneyOut("discount_minor", of="order.currency")
    net = MoneyOut("net_minor", of="order.currency")
    pv = PointsOut()
    cv = PointsOut()

    def get_returned(self, line: Any) -> int:
        """Return how many pieces came back, from rows that were fetched with the order."""
        return sum(back.quantity for back in line.returns.all())


class ReturnLineOut(serializers.Serializer[Any]):
    """What came back of one line."""

    line = serializers.IntegerField(source="order_line.position")
    quantity = serializers.IntegerField()
    net = MoneyOut("net_minor", of="order_line.order.currency")
    pv = PointsOut()
    cv = PointsOut()


class ReturnOut(serializers.Serializer[Any]):
    """One return of an order."""

    code = serializers.CharField()
    order = serializers.CharField(source="order.code")
    external_id = serializers.CharField()
    reason = serializers.CharField()
    returned_at = MomentOut()
    created_at = MomentOut()
    lines = ReturnLineOut(many=True)


class OrderOut(serializers.Serializer[Any]):
    """An order as it stands."""

    code = serializers.CharField()
    external_id = serializers.CharField()
    status = serializers.ChoiceField(choices=Order.Status.choices)
    buyer = serializers.CharField(source="buyer.code")
    buyer_role = serializers.ChoiceField(choices=Role.choices)
    credited = serializers.CharField(
        source="credited.code", help_text="The distributor whose sale this is."
    )
    market = serializers.CharField(source="market_id")
    goods = MoneyOut("goods_minor")
    discount = MoneyOut("discount_minor")
    shipping = MoneyOut("shipping_minor")
    tax = MoneyOut("tax_minor")
    total = MoneyOut("total_minor")
    ordered_at = MomentOut()
    paid_at = MomentOut(allow_null=True)
    shipped_at = MomentOut(allow_null=True)
    commission_at = MomentOut(allow_null=True, help_text="Decides the period; set once.")
    created_at = MomentOut()
    updated_at = MomentOut()
    lines = OrderLineOut(many=True)
    returns = ReturnOut(many=True)


class OrderBriefOut(serializers.Serializer[Any]):
    """What a storefront cannot know of an order it has sent itself."""

    code = serializers.CharField()
    external_id = serializers.CharField()
    status = serializers.ChoiceField(choices=Order.Status.choices)
    buyer = serializers.CharField(source="buyer.code")
    credited = serializers.CharField(source="credited.code")
    total = MoneyOut("total_minor")
    commission_at = MomentOut(allow_null=True)


class OrderResultOut(serializers.Serializer[Any]):
    """What became of one order: `order` if there is one now, `problem` if it was refused."""

    result = serializers.ChoiceField(choices=RESULTS)
    status = serializers.IntegerField(
        min_value=200, max_value=499, help_text="What the order alone would have been answered."
    )
    order = OrderBriefOut(required=False)
    problem = ProblemOut(required=False)


class OrdersBulkOut(serializers.Serializer[Any]):
    """What became of each order, in their order, and how many of each result."""

    created = serializers.IntegerField()
    existing = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = OrderResultOut(many=True)


class OrdersOut(serializers.Serializer[Any]):
    """One page of orders."""

    orders = OrderOut(many=True)
    next_cursor = serializers.CharField(
        allow_null=True, help_text="Send it as `cursor` for the next page; null on the last."
    )


class ProductOut(serializers.Serializer[Any]):
    """A product with what one piece costs, without tax, and the volume it carries."""

    sku = serializers.CharField(source="product.sku")
    name = serializers.CharField(source="product.name")
    description = serializers.CharField(source="product.description")
    kind = serializers.ChoiceField(choices=Product.Kind.choices, source="product.kind")
    price = MoneyOut("amount_minor", of="market.currency")
    pv = PointsOut()
    cv = PointsOut()


class ProductsOut(serializers.Serializer[Any]):
    """One page of products."""

    market = serializers.CharField()
    products = ProductOut(many=True)
    next_cursor = serializers.CharField(allow_null=True)
