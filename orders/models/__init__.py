"""Products and prices, orders and returns, and the sales that commission is paid on."""

from orders.models.catalogue import Price, Product
from orders.models.orders import Order, OrderLine, Purpose
from orders.models.returns import Return, ReturnLine
from orders.models.sales import SaleLine

__all__ = [
    "Order",
    "OrderLine",
    "Price",
    "Product",
    "Purpose",
    "Return",
    "ReturnLine",
    "SaleLine",
]
