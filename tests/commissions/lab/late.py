"""A month's sales, and the plans that pay on them; later all of it comes back."""

from tests.commissions.lab.files import network

PEOPLE = network("""
top
  alice
    bob
      ann customer
    carl
      cid customer
""")
SALES = (
    "s1,ann,2026-01-05,,,10.01,33.35,\n"
    "s2,ann,2026-01-06,,,4.10,70.07,\n"
    "s3,carl,2026-01-07,,,7.77,10.10,\n"
    "s4,cid,2026-01-08,,,50,99.99,\n"
)
TEAM = """
[[bonus]]
name        = "Team"
kind        = "unilevel"
pays_on     = "CV"
compression = "none"
rates       = ["7%", "3%"]
"""
FLAT = TEAM.replace('["7%", "3%"]', '["1.01"]')
MATCH = (
    TEAM
    + """
[[bonus]]
name        = "Match"
kind        = "matching"
of          = ["Team"]
rates       = ["33%", "10%"]
"""
)
STAR = """
[[rank]]
name    = "Star"
require = ["PV >= 1"]
"""
PLACES = (
    "id,sponsor,role,joined_at,two.parent,two.leg\n"
    "top,,distributor,2025-01-01,,\n"
    "alice,top,distributor,2025-01-01,alice,\n"
    "bob,alice,distributor,2025-01-01,alice,left\n"
    "ann,bob,customer,2025-01-01,,\n"
    "carl,alice,distributor,2025-01-01,alice,right\n"
    "cid,carl,customer,2025-01-01,,\n"
)
TWO = """
[tree.two]
kind = "binary"
"""
