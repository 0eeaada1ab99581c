"""The company's side of selling: the catalogue, and orders as they were written down."""

from orders.admin import catalogue, orders

__all__ = ["catalogue", "orders"]
