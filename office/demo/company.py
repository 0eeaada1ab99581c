"""Corrie & Quay, the company of the demo: coffee, tea, and what one makes them with.

It does not exist, and nothing in it is taken from one that does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings

from orders.models import Product

NAME: Final = "Corrie & Quay"
LEGAL_NAME: Final = "Corrie & Quay Coffee and Tea Company"
DOMAIN: Final = "corrieandquay.example"
STOREFRONT_CODE: Final = "web-shop"
STOREFRONT_NAME: Final = f"{NAME} web shop"
PLAN_LABEL: Final = "Harbour plan 1"
PLAN_FILE: Final = settings.BASE_DIR / "plans" / "evergreen.toml"
PERIOD_TYPE: Final = "monthly"

MARKETS: Final = (("US", "United States", "USD"), ("GB", "United Kingdom", "GBP"))

AGREEMENT_LABEL: Final = "2026-01"
AGREEMENT_TITLE: Final = "Independent Distributor Agreement"
AGREEMENT_FILE: Final = Path(__file__).with_name("agreement.txt")


class Item(NamedTuple):
    """One product: prices in cents and pence, volumes in hundredths of a point."""

    sku: str
    name: str
    description: str
    us_minor: int
    gb_minor: int
    pv: int
    cv: int
    kind: Product.Kind = Product.Kind.PRODUCT


# Volumes are lowest on hardware, whose margin is; the kit and the sales aid carry none.
ITEMS: Final = (
    Item("CQ-C01", "Quayside House Blend, 340 g", "Cocoa and toasted almond; whole bean or ground.",
         1650, 1350, 1500, 1200),
    Item("CQ-C02", "Lantern Dark Roast, 340 g", "Slow and smoky, made for milk.",
         1650, 1350, 1500, 1200),
    Item("CQ-C03", "First Ferry Breakfast Roast, 340 g", "Light, quick and bright.",
         1650, 1350, 1500, 1200),
    Item("CQ-C04", "Slack Tide Decaf, 340 g", "Mountain-water process; caramel and pear.",
         1750, 1450, 1600, 1250),
    Item("CQ-C05", "Ethiopia Guji Natural, 250 g", "Blueberry, jasmine, lemon peel.",
         1950, 1600, 1800, 1400),
    Item("CQ-C06", "Colombia Huila Reserve, 250 g", "Red apple and panela.",
         1850, 1525, 1700, 1350),
    Item("CQ-C07", "Cold Brew Pitcher Packs, 6", "One pack, one litre, one night.",
         1400, 1150, 1250, 1000),
    Item("CQ-C08", "Coffee of the Month Chest, 3 × 250 g", "Three single origins, new each month.",
         5200, 4250, 4800, 3900),
    Item("CQ-T01", "Harbour Breakfast Tea, 100 bags", "Assam and Kenya, brisk.",
         1500, 1150, 1350, 1100),
    Item("CQ-T02", "Glen Grey Earl Grey, 100 g", "Loose leaf with cold-pressed bergamot.",
         1450, 1200, 1300, 1050),
    Item("CQ-T03", "Assam Second Flush, 125 g", "Malt and stone fruit.",
         1600, 1300, 1450, 1150),
    Item("CQ-T04", "Sencha Mist, 100 g", "Deep-steamed green tea.",
         1800, 1450, 1600, 1300),
    Item("CQ-T05", "Iron Lantern Oolong, 100 g", "Half roasted; orchid and chestnut.",
         2100, 1700, 1900, 1500),
    Item("CQ-T06", "Spice Dock Chai, 150 g", "Assam, cardamom, ginger, black pepper.",
         1550, 1250, 1400, 1100),
    Item("CQ-T07", "Ember Rooibos, 150 g", "No caffeine; vanilla and orange peel.",
         1350, 1100, 1200, 950),
    Item("CQ-T08", "Heather and Mint Infusion, 40 bags", "No caffeine, for the evening.",
         1200, 950, 1100, 850),
    Item("CQ-T09", "Tea Chest of the Month", "Four loose teas, new each month.",
         4400, 3600, 4000, 3250),
    Item("CQ-G01", "Stoneware Pour-over Dripper", "Glazed by hand; filters size 2.",
         3400, 2800, 2200, 1600),
    Item("CQ-G02", "Glass Teapot with Basket, 0.8 l", "Borosilicate, dishwasher safe.",
         3900, 3200, 2500, 1800),
    Item("CQ-G03", "Hand Grinder, Steel Burrs", "Thirty settings, folds flat.",
         7900, 6500, 5000, 3600),
    Item("CQ-K01", "Distributor Starter Kit", "Samples, order pads and the handbook; optional.",
         2900, 2400, 0, 0, Product.Kind.STARTER_KIT),
    Item("CQ-A01", "Tasting Cards, pack of 50", "One side the cup, the other your link.",
         1200, 1000, 0, 0, Product.Kind.SALES_AID),
)  # fmt: skip
