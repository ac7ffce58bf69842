"""The questions of TPC-H that look into `sql` sources: sub-queries as tables of the model."""

from __future__ import annotations

from tpch.question import Question

# Every offer knows the cheapest one of its region; nothing is aggregated here.
MINIMUM_COST_SUPPLIER = Question(
    2,
    {
        "measures": [],
        "dimensions": [
            "supplier.s_acctbal",
            "supplier.s_name",
            "supplier_nation.n_name",
            "partsupp.ps_partkey",
            "part.p_mfgr",
            "supplier.s_address",
            "supplier.s_phone",
            "supplier.s_comment",
        ],
        "filters": [
            "part.p_size = 15 AND part.p_type LIKE '%BRASS'",
            "region.r_name = 'EUROPE'",
            "partsupp.ps_supplycost = regional_offer.cheapest",
        ],
        "order_by": [
            {"field": "s_acctbal", "direction": "desc"},
            "n_name",
            "s_name",
            "ps_partkey",
        ],
        "limit": 100,
        "include_empty": False,
    },
    (
        "s_acctbal",
        "s_name",
        "n_name",
        "ps_partkey",
        "p_mfgr",
        "s_address",
        "s_phone",
        "s_comment",
    ),
    ("s_acctbal", "n_name", "s_name", "ps_partkey"),
    reads=("regional_offer",),
)

IMPORTANT_STOCK = Question(
    11,
    {
        "measures": ["partsupp.stock_value"],
        "dimensions": ["partsupp.ps_partkey"],
        "filters": [
            "supplier_nation.n_name = 'GERMANY'",
            "partsupp.share_of_nation_stock > 0.0001",
        ],
        "order_by": [{"field": "stock_value", "direction": "desc"}],
        "limit": 10_000,
    },
    ("ps_partkey", "stock_value"),
    ("stock_value",),
    reads=("nation_stock",),
)

CUSTOMER_DISTRIBUTION = Question(
    13,
    {
        "measures": ["customer.customer_count"],
        "dimensions": ["customer_orders.plain_orders"],
        "order_by": [
            {"field": "customer_count", "direction": "desc"},
            {"field": "plain_orders", "direction": "desc"},
        ],
        "include_empty": False,
    },
    ("plain_orders", "customer_count"),
    ("customer_count", "plain_orders"),
    reads=("customer_orders",),
)

TOP_SUPPLIER = Question(
    15,
    {
        "measures": ["supplier_quarter.quarter_revenue"],
        "dimensions": [
            "supplier.s_suppkey",
            "supplier.s_name",
            "supplier.s_address",
            "supplier.s_phone",
        ],
        "filters": [
            "supplier_quarter.starts_on = DATE '1996-01-01'",
            "supplier_quarter.revenue = supplier_quarter.best_revenue",
        ],
        "order_by": ["s_suppkey"],
        "include_empty": False,
    },
    ("s_suppkey", "s_name", "s_address", "s_phone", "quarter_revenue"),
    ("s_suppkey",),
    reads=("supplier_quarter",),
)

SMALL_ORDERS = Question(
    17,
    {
        "measures": [{"name": "yearly", "expr": "lineitem.list_revenue / 7.0"}],
        "filters": [
            "p_brand = 'Brand#23' AND p_container = 'MED BOX'",
            "l_quantity < 0.2 * part_quantity.average_quantity",
        ],
    },
    ("yearly",),
    reads=("part_quantity",),
)

# A supplier may qualify by several parts: the measure makes them one row.
POTENTIAL_PROMOTION = Question(
    20,
    {
        "measures": ["yearly_shipment.shipments"],
        "dimensions": ["supplier.s_name", "supplier.s_address"],
        "filters": [
            "part.p_name LIKE 'forest%'",
            "yearly_shipment.year = 1994",
            "partsupp.ps_availqty > 0.5 * yearly_shipment.quantity",
            "supplier_nation.n_name = 'CANADA'",
        ],
        "order_by": ["s_name"],
        "include_empty": False,
    },
    ("s_name", "s_address"),
    ("s_name",),
    reads=("yearly_shipment",),
)

# A late line is the only late supplier's if the order has one late supplier.
WAITING_SUPPLIERS = Question(
    21,
    {
        "measures": ["lineitem.line_count"],
        "dimensions": ["supplier.s_name"],
        "filters": [
            "orders.o_orderstatus = 'F'",
            "late",
            "order_suppliers.suppliers > 1 AND order_suppliers.late_suppliers = 1",
            "supplier_nation.n_name = 'SAUDI ARABIA'",
        ],
        "order_by": [{"field": "line_count", "direction": "desc"}, "s_name"],
        "limit": 100,
        "include_empty": False,
    },
    ("s_name", "line_count"),
    ("line_count", "s_name"),
    reads=("order_suppliers",),
)

# The target countries bring the average credit along; a customer of another country has none.
SALES_OPPORTUNITY = Question(
    22,
    {
        "measures": ["customer.customer_count", "customer.customer_balance"],
        "dimensions": ["customer.country_code"],
        "filters": [
            "c_acctbal > target_country.average_credit",
            "customer_orders.order_count = 0",
        ],
        "order_by": ["country_code"],
        "include_empty": False,
    },
    ("country_code", "customer_count", "customer_balance"),
    ("country_code",),
    reads=("customer_orders", "target_country"),
)

DERIVED_QUESTIONS = [item for item in list(globals().values()) if isinstance(item, Question)]
