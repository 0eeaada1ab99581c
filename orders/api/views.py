"""What storefronts may do with orders: place, pay, take back, read. Only ever their own."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import extend_schema_view
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from typing_extensions import override

from accounts.api.views import OnceApi, StorefrontApi
from accounts.models import ApiKey
from distributors.errors import BooksClosed, SponsorCannotEnrol
from distributors.models import Market
from mlm.cursors import page_of
from mlm.fields import Money, shown
from mlm.parsing import LongJsonParser
from mlm.reading import read
from orders.api import docs
from orders.api.bulk import bulk_answer
from orders.api.serializers import (
    OrderIn,
    OrderOut,
    OrdersBulkIn,
    OrdersIn,
    OrdersOut,
    PayIn,
    ProductsIn,
    ProductsOut,
    ReturnIn,
    ReturnOut,
)
from orders.buyers import CustomerSent
from orders.drafting import LineWanted, NewOrder
from orders.errors import (
    BuyerCannotOrder,
    OrderDiffers,
    OrderNotInThatState,
    PaidAtDiffers,
    ProductNotOnSale,
    ReturnDiffers,
    ReturnsTooMuch,
    UnknownBuyer,
    UnknownMarket,
    UnknownReferralCode,
    WrongAmounts,
    WrongCurrency,
)
from orders.intake import OrderSent, take_order, take_orders
from orders.models import Order
from orders.placing import ready_to_show
from orders.returning import PiecesBack, return_goods
from orders.selectors import orders_of_storefront, prices_at, returns_of
from orders.services import pay_as_sent

Scope = ApiKey.Scope


@extend_schema_view(get=docs.LIST_ORDERS, post=docs.PLACE_ORDER)
class OrderListApi(OnceApi):
    """The storefront's orders."""

    scopes = {"GET": Scope.ORDERS_READ, "POST": Scope.ORDERS_WRITE}
    refusals = {
        "POST": (
            BuyerCannotOrder,
            OrderDiffers,
            ProductNotOnSale,
            WrongAmounts,
            PaidAtDiffers,
            OrderNotInThatState,
            SponsorCannotEnrol,
            BooksClosed,
            UnknownBuyer,
            UnknownReferralCode,
            UnknownMarket,
            WrongCurrency,
        )
    }

    def get(self, request: Request) -> Response:
        """List the storefront's own orders, in the order they were made or changed."""
        asked = self.read_query(OrdersIn)
        rows = orders_of_storefront(self.storefront)
        by = "updated_at" if "updated_since" in asked else "created_at"
        for field, condition in _CONDITIONS.items():
            if field in asked:
                rows = rows.filter(**{condition: asked[field]})
        found, cursor = page_of(
            rows, by=[by, "code"], limit=asked["limit"], cursor=asked.get("cursor")
        )
        return Response(OrdersOut({"orders": found, "next_cursor": cursor}).data)

    @override
    def work(self, **parts: str) -> Response:
        """Place an order; the same one again is answered with the one there is."""
        values = self.read(OrderIn)
        taken = take_order(self.storefront, _order_sent(values), at=self.at)
        if isinstance(taken.order, NewOrder):
            return Response(shown(OrderOut, ready_to_show(taken.order)), status=HTTPStatus.CREATED)
        return Response(_shown(self, taken.order.code))


@extend_schema_view(post=docs.PLACE_ORDERS)
class OrderBulkApi(OnceApi):
    """Many orders in one request."""

    parser_classes = [LongJsonParser]
    scopes = {"POST": Scope.ORDERS_WRITE}
    refusals = {"POST": ()}

    @override
    def work(self, **parts: str) -> Response:
        """Place orders, each with a result of its own; one that is refused holds up no other."""
        results = [self._read_one(sent) for sent in self.read(OrdersBulkIn)["orders"]]
        sent = [one for one in results if isinstance(one, OrderSent)]
        taken = iter(take_orders(self.storefront, sent, at=self.at))
        outcomes = [next(taken) if isinstance(one, OrderSent) else one for one in results]
        return Response(bulk_answer(outcomes, request=self.request))

    def _read_one(self, sent: Any) -> OrderSent | ValidationError:
        try:
            return _order_sent(read(OrderIn, sent, at=self.at))
        except ValidationError as mistakes:
            return mistakes


_CONDITIONS = {
    "external_id": "external_id",
    "created_since": "created_at__gte",
    "updated_since": "updated_at__gte",
}


@extend_schema_view(get=docs.SHOW_ORDER)
class OrderApi(StorefrontApi):
    """One order of the storefront."""

    scopes = {"GET": Scope.ORDERS_READ}

    def get(self, request: Request, code: str) -> Response:
        """Show the order with its lines and returns."""
        return Response(_shown(self, code))


@extend_schema_view(post=docs.PAY_ORDER)
class OrderPayApi(OnceApi):
    """The payment of an order."""

    scopes = {"POST": Scope.ORDERS_WRITE}
    refusals = {"POST": (PaidAtDiffers, OrderNotInThatState, BooksClosed)}

    @override
    def work(self, **parts: str) -> Response:
        """Say that an order is paid; saying it again changes nothing."""
        paid_at = self.read(PayIn)["paid_at"]
        order = pay_as_sent(_own(self, parts["code"]), paid_at=paid_at, at=self.at)
        return Response(_shown(self, order.code))


@extend_schema_view(post=docs.RETURN_GOODS)
class ReturnListApi(OnceApi):
    """The returns of an order."""

    scopes = {"POST": Scope.RETURNS_WRITE}
    refusals = {"POST": (OrderNotInThatState, ReturnDiffers, ReturnsTooMuch)}

    @override
    def work(self, **parts: str) -> Response:
        """Take goods back, in part or whole; the same return again changes nothing."""
        values = self.read(ReturnIn)
        returned, is_new = return_goods(
            _own(self, parts["code"]),
            external_id=values["external_id"],
            pieces=[PiecesBack(back["line"], back["quantity"]) for back in values["lines"]],
            reason=values["reason"],
            returned_at=values["returned_at"],
        )
        body = shown(ReturnOut, returns_of(returned.order).get(pk=returned.pk))
        return Response(body, status=HTTPStatus.CREATED if is_new else HTTPStatus.OK)


@extend_schema_view(get=docs.LIST_PRODUCTS)
class ProductListApi(StorefrontApi):
    """What is on sale."""

    scopes = {"GET": Scope.PRODUCTS_READ}
    refusals = {"GET": ("unknown_market",)}

    def get(self, request: Request) -> Response:
        """List the products on sale in a market, with today's prices and volumes."""
        asked = self.read_query(ProductsIn)
        market = Market.objects.filter(code=asked["market"]).first()
        if market is None:
            raise NotFound(f"There is no market {asked['market']}.", "unknown_market")
        prices = prices_at(market, at=self.at).select_related("product", "market")
        found, cursor = page_of(
            prices, by=["product__sku"], limit=asked["limit"], cursor=asked.get("cursor")
        )
        page = {"market": market.code, "products": found, "next_cursor": cursor}
        return Response(ProductsOut(page).data)


def _own(view: StorefrontApi, code: str) -> Order:
    """Return the storefront's order; what belongs to others is not there at all."""
    found = orders_of_storefront(view.storefront).filter(code=code).first()
    if found is None:
        raise NotFound("You have no order with this code.")
    return found


def _shown(view: StorefrontApi, code: str) -> dict[str, Any]:
    return shown(OrderOut, _own(view, code))


def _order_sent(values: dict[str, Any]) -> OrderSent:
    """Return what came in as what the services take."""
    amounts: dict[str, Money] = {
        name: values[name] for name in ("discount", "shipping", "tax") if name in values
    }
    buyer: str | CustomerSent = values.get("buyer", "")
    if customer := values.get("customer"):
        buyer = CustomerSent(
            name=customer["name"],
            email=customer["email"],
            market=customer.get("market"),
            referral_code=values.get("referral_code"),
        )
    return OrderSent(
        external_id=values["external_id"],
        buyer=buyer,
        lines=[LineWanted(**line) for line in values["lines"]],
        amounts=amounts,
        ordered_at=values["ordered_at"],
        paid_at=values.get("paid_at"),
    )
