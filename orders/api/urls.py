"""Addresses of orders, returns and products below /api/v1/."""

from django.urls import re_path

from orders.api import views

CODE = r"(?P<code>[0-9A-Za-z_-]{1,32})"

urlpatterns = [
    re_path(r"^orders$", views.OrderListApi.as_view(), name="api-orders"),
    re_path(r"^orders/bulk$", views.OrderBulkApi.as_view(), name="api-orders-bulk"),
    re_path(rf"^orders/{CODE}$", views.OrderApi.as_view(), name="api-order"),
    re_path(rf"^orders/{CODE}/pay$", views.OrderPayApi.as_view(), name="api-order-pay"),
    re_path(rf"^orders/{CODE}/returns$", views.ReturnListApi.as_view(), name="api-order-returns"),
    re_path(r"^products$", views.ProductListApi.as_view(), name="api-products"),
]
