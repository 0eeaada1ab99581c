"""sales.csv: whose a sale is, what it carries, which orders are first, and when they were."""

from pathlib import Path

import pytest

from tests.commissions.lab.files import FEBRUARY, PLAN, RETURNS, SALES, Lab, network

VOLUMES = """
[volume]
PV = "pv of own and customers' orders"
"""
PEOPLE = network("""
alice
  ann customer
  bob
    ben customer
""")


def volume(phrase: str) -> str:
    """Return a plan whose volume V is that."""
    return f'{PLAN}[volume]\nV = "{phrase}"\n'


def test_any_column_that_the_plan_names_is_read(tmp_path: Path) -> None:
    lab = Lab(tmp_path, volume("loyalty_points of own orders"), PEOPLE)

    out = lab.run(
        "id,member,at,purpose,amount,pv,cv,loyalty_points,other\ns1,bob,2026-01-05,,,1,1,12.5,7\n"
    )

    assert out.standing("bob")["V"] == "12.50"


@pytest.mark.parametrize(("currency", "amount"), [("USD", "12.34"), ("JPY", "1234")])
def test_the_money_paid_is_a_column_of_points(tmp_path: Path, currency: str, amount: str) -> None:
    plan = volume("amount of own orders").replace("USD", currency)

    out = Lab(tmp_path, plan, PEOPLE).run(SALES + f"s1,bob,2026-01-05,,{amount},,\n")

    assert out.standing("bob")["V"] == f"{float(amount):.2f}"


def test_own_orders_and_customers_orders(tmp_path: Path) -> None:
    plan = PLAN + '[volume]\nOWN = "pv of own orders"\nTHEIRS = "pv of customers\' orders"\n'
    sales = (
        "s1,bob,2026-01-05,,,1,0\n"  # a distributor's usual purpose
        "s2,bob,2026-01-05,stock,,2,0\n"
        "s3,ben,2026-01-05,,,4,0\n"  # a customer's
        "s4,bob,2026-01-05,customer_order,,8,0\n"  # bought before he became a distributor
    )

    out = Lab(tmp_path, plan, PEOPLE).run(SALES + sales)

    assert (out.standing("bob")["OWN"], out.standing("bob")["THEIRS"]) == ("3.00", "4.00")
    assert (out.standing("alice")["OWN"], out.standing("alice")["THEIRS"]) == ("0.00", "8.00")


def test_an_order_of_a_customer_below_no_distributor_pays_nobody(tmp_path: Path) -> None:
    members = network("ann customer\nalice")

    out = Lab(tmp_path, PLAN, members).run(
        SALES + "s1,ann,2026-01-05,,,10,10\ns2,alice,2026-01-05,customer_order,,10,10\n"
    )

    assert out.standing("alice")["PV"] == "0.00"
    assert out.summary["sales"]["sales"] == 0


def test_kits_aids_and_fees_are_no_sales(tmp_path: Path) -> None:
    lab = Lab(tmp_path, volume("pv of customers' first orders"), PEOPLE)
    history = "k1,ben,2025-12-01,kit,49,,\nk2,ben,2025-12-02,sales_aid,9,0,0.00\n"

    out = lab.run(SALES + history + "s1,ben,2026-01-05,,,10,10\nk3,ben,2026-01-06,fee,9,,\n")

    assert out.standing("bob")["V"] == "10.00"
    assert out.summary["sales"]["sales"] == 1


def test_what_comes_back_in_the_period_is_netted_also_to_nothing(tmp_path: Path) -> None:
    lab = Lab(tmp_path, PLAN, PEOPLE)
    sales = (
        "s1,bob,2026-01-05,,,100,100,\n"
        "r1,bob,2026-01-06,,,-40,,s1\n"
        "r2,bob,2026-01-31T23:59:59,,,-60,-100,s1\n"
        "r3,bob,2026-02-01,,,,,s1\n"  # of another period
    )

    out = lab.run(RETURNS + sales)

    assert (out.standing("bob")["PV"], out.standing("bob")["CV"]) == ("0.00", "0.00")


def test_the_first_order_is_found_in_all_of_the_file(tmp_path: Path) -> None:
    plan = (
        PLAN
        + '[volume]\nFIRST = "pv of customers\' first orders"\n'
        + 'LATER = "pv of customers\' later orders"\n'
    )
    header = "id,member,at,purpose,amount,pv,cv,order\n"
    sales = (
        "s1,ben,2026-01-20,,,1,0,77\n"
        "s2,ben,2026-01-10,,,2,0,78\n"
        "s3,ben,2026-01-10,,,4,0,78\n"  # the same order
        "s4,ben,2026-01-10,,,8,0,\n"  # as early, but a later number
        "s5,ann,2025-11-10,,,16,0,\n"  # history
        "s6,ann,2026-01-10,,,32,0,\n"
        "s7,ann,2027-01-10,,,64,0,\n"
    )

    out = Lab(tmp_path, plan, PEOPLE).run(header + sales)

    assert (out.standing("bob")["FIRST"], out.standing("bob")["LATER"]) == ("6.00", "9.00")
    assert (out.standing("alice")["FIRST"], out.standing("alice")["LATER"]) == ("0.00", "32.00")


@pytest.mark.parametrize(
    ("phrase", "joined", "at", "counts"),
    [
        (
            "within 60 days",
            "2026-01-01",
            "2026-03-01",
            True,
        ),  # the 60th day, the first one included
        ("within 60 days", "2026-01-01", "2026-03-02", False),
        ("after 60 days", "2026-01-01", "2026-03-02", True),
        ("within 60 days", "2026-03-05", "2026-03-02", False),  # not before joining
        ("within 3 months", "2026-01-31", "2026-03-31", True),
        ("within 3 months", "2026-01-01", "2026-04-01", False),
        ("after 3 months", "2026-01-31", "2026-04-01", True),
        ("within 1 months", "2024-02-29", "2024-02-29T23:59", True),
    ],
)
def test_days_and_months_count_from_the_buyers_joining(
    tmp_path: Path, phrase: str, joined: str, at: str, *, counts: bool
) -> None:
    members = PEOPLE.replace("ben,bob,customer,2025-01-01", f"ben,bob,customer,{joined}")
    lab = Lab(tmp_path, volume(f"pv of customers' orders {phrase} of joining"), members)

    out = lab.run(SALES + f"s1,ben,{at},,,10,10\n", f"{at[:7]}-01..2026-06-01")

    assert out.standing("bob")["V"] == ("10.00" if counts else "0.00")


def test_days_are_those_of_the_companys_time_zone(tmp_path: Path) -> None:
    """Joined late on January 31 in New York, which is February in UTC: March is month 2 there."""
    members = PEOPLE.replace("ben,bob,customer,2025-01-01", "ben,bob,customer,2026-02-01T03:00:00Z")
    lab = Lab(tmp_path, volume("pv of customers' orders within 2 months of joining"), members)
    sale = SALES + "s1,ben,2026-03-01T12:00:00Z,,,10,10\n"
    march = "2026-03-01..2026-04-01"

    there = lab.run(sale, march, time_zone="America/New_York", name="there")
    here = lab.run(sale, march, time_zone="UTC", name="here")

    assert (there.standing("bob")["V"], here.standing("bob")["V"]) == ("0.00", "10.00")


def test_a_period_begins_at_midnight_of_the_time_zone(tmp_path: Path) -> None:
    lab = Lab(tmp_path, PLAN, PEOPLE)
    sale = SALES + "s1,bob,2026-02-01T04:30:00Z,,,10,10\n"

    there = lab.run(sale, time_zone="America/New_York", name="there")
    here = lab.run(sale, time_zone="Europe/Berlin", name="here")

    assert (there.standing("bob")["PV"], here.standing("bob")["PV"]) == ("10.00", "0.00")


def test_days_are_whole_when_the_clock_is_put_forward(tmp_path: Path) -> None:
    """Berlin, March 29, 2026, has 23 hours: the day after joining is day 1 all the same."""
    members = PEOPLE.replace("ben,bob,customer,2025-01-01", "ben,bob,customer,2026-03-28T23:30")
    lab = Lab(tmp_path, volume("pv of customers' orders within 2 days of joining"), members)
    sales = SALES + "s1,ben,2026-03-29T23:30,,,10,10\ns2,ben,2026-03-30T00:10,,,5,5\n"

    out = lab.run(sales, "2026-03-01..2026-04-01", time_zone="Europe/Berlin")

    assert out.standing("bob")["V"] == "10.00"


def test_joining_counts_to_the_last_day_of_the_period(tmp_path: Path) -> None:
    plan = PLAN + '[active]\nrequire = ["months since joining < 2", "days since joining >= 20"]\n'
    members = (
        "id,sponsor,role,joined_at\n"
        "alice,,distributor,2026-01-01\n"
        "bob,,distributor,2025-12-31T23:59\n"
        "carl,,distributor,2026-02-08\n"
        "dora,,distributor,2026-02-09\n"
    )

    out = Lab(tmp_path, plan, members).run(SALES, FEBRUARY)

    assert [row["active"] for row in out.rows("standings")] == ["yes", "no", "yes", "no"]
    assert [row["months since joining"] for row in out.rows("standings")] == ["1", "2", "0", "0"]
    assert [row["days since joining"] for row in out.rows("standings")] == ["58", "59", "20", "19"]
