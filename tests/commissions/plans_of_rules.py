"""Plans that profiles take differently, for tests of what may be saved, signed and made live."""

from typing import Final

LAWFUL: Final = """
name     = "Corner shop"
currency = "USD"
cadence  = "monthly"

[active]
require = ["customers with PV >= 10 are at least 1"]

[[bonus]]
name        = "Team"
kind        = "unilevel"
tree        = "sponsor"
pays_on     = "CV"
compression = "inactive"
rates       = ["10%", "5%"]
"""
"""What `default` refuses nothing in."""

BOUGHT: Final = LAWFUL.replace("customers with PV >= 10 are at least 1", "PV >= 10")
"""Own purchases alone are paid: refused by `default`, to be signed for under `existing`."""
