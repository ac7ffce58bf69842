"""The questions of TPC-H that the eight tables answer as they are."""

from __future__ import annotations

from tpch.question import Question

PRICING_SUMMARY = Question(
    1,
    {
        "measures": [
            "lineitem.quantity",
            "lineitem.list_revenue",
            "lineitem.revenue",
            "lineitem.revenue_with_tax",
            "lineitem.average_quantity",
            "lineitem.average_price",
            "lineitem.average_discount",
            "lineitem.line_count",
        ],
        "dimensions": ["lineitem.l_returnflag", "lineitem.l_linestatus"],
        "filters": ["l_shipdate <= DATE '1998-09-02'"],
        "order_by": ["l_returnflag", "l_linestatus"],
    },
    (
        "l_returnflag",
        "l_linestatus",
        "quantity",
        "list_revenue",
        "revenue",
        "revenue_with_tax",
        "average_quantity",
        "average_price",
        "average_discount",
        "line_count",
    ),
    ("l_returnflag", "l_linestatus"),
)

SHIPPING_PRIORITY = Question(
    3,
    {
        "measures": ["lineitem.revenue"],
        "dimensions": ["lineitem.l_orderkey", "orders.o_orderdate", "orders.o_shippriority"],
        "filters": [
            "customer.c_mktsegment = 'BUILDING'",
            "o_orderdate < DATE '1995-03-15'",
            "l_shipdate > DATE '1995-03-15'",
        ],
        "order_by": [{"field": "revenue", "direction": "desc"}, "o_orderdate"],
        "limit": 10,
        "include_empty": False,
    },
    ("l_orderkey", "revenue", "o_orderdate", "o_shippriority"),
    ("revenue", "o_orderdate"),
)

# That a late line exists is counted as distinct orders of the late lines.
ORDER_PRIORITY = Question(
    4,
    {
        "measures": ["lineitem.ordered_count"],
        "dimensions": ["orders.o_orderpriority"],
        "filters": ["o_orderdate >= DATE '1993-07-01' AND o_orderdate < DATE '1993-10-01'", "late"],
        "order_by": ["o_orderpriority"],
        "include_empty": False,
    },
    ("o_orderpriority", "ordered_count"),
    ("o_orderpriority",),
)

LOCAL_SUPPLIER_VOLUME = Question(
    5,
    {
        "measures": ["lineitem.revenue"],
        "dimensions": ["supplier_nation.n_name"],
        "filters": [
            "customer.c_nationkey = supplier.s_nationkey",
            "region.r_name = 'ASIA'",
            "o_orderdate >= DATE '1994-01-01' AND o_orderdate < DATE '1995-01-01'",
        ],
        "order_by": [{"field": "revenue", "direction": "desc"}],
        "include_empty": False,
    },
    ("n_name", "revenue"),
    ("revenue",),
)

REVENUE_CHANGE = Question(
    6,
    {
        "measures": ["lineitem.discount_given"],
        "filters": [
            "l_shipdate >= DATE '1994-01-01' AND l_shipdate < DATE '1995-01-01'",
            "l_discount BETWEEN 0.05 AND 0.07",
            "l_quantity < 24",
        ],
    },
    ("discount_given",),
)

VOLUME_SHIPPING = Question(
    7,
    {
        "measures": ["lineitem.revenue"],
        "dimensions": [
            "supplier_nation.n_name",
            "customer_nation.n_name",
            {"field": "lineitem.l_shipdate", "granularity": "year"},
        ],
        "filters": [
            "supplier_nation.n_name = 'FRANCE' AND customer_nation.n_name = 'GERMANY'"
            " OR supplier_nation.n_name = 'GERMANY' AND customer_nation.n_name = 'FRANCE'",
            "l_shipdate BETWEEN DATE '1995-01-01' AND DATE '1996-12-31'",
        ],
        "order_by": ["supplier_nation_n_name", "customer_nation_n_name", "l_shipdate_year"],
        "include_empty": False,
    },
    ("supplier_nation_n_name", "customer_nation_n_name", "l_shipdate_year:year", "revenue"),
    ("supplier_nation_n_name", "customer_nation_n_name", "l_shipdate_year:year"),
)

# The region is the customer's: the supplier's is nearer, so the route is chosen.
MARKET_SHARE = Question(
    8,
    {
        "measures": [
            {
                "name": "share",
                "expr": "coalesce(sum(lineitem.sold_for)"
                " FILTER (WHERE supplier_nation.n_name = 'BRAZIL'), 0) / lineitem.revenue",
            }
        ],
        "dimensions": [{"field": "orders.o_orderdate", "granularity": "year"}],
        "filters": [
            "region.r_name = 'AMERICA'",
            "o_orderdate BETWEEN DATE '1995-01-01' AND DATE '1996-12-31'",
            "part.p_type = 'ECONOMY ANODIZED STEEL'",
        ],
        "order_by": ["o_orderdate_year"],
        "include_empty": False,
        "join_path": [["lineitem", "orders", "customer", "customer_nation", "region"]],
    },
    ("o_orderdate_year:year", "share"),
    ("o_orderdate_year:year",),
)

PRODUCT_PROFIT = Question(
    9,
    {
        "measures": ["lineitem.profit"],
        "dimensions": [
            "supplier_nation.n_name",
            {"field": "orders.o_orderdate", "granularity": "year"},
        ],
        "filters": ["part.p_name LIKE '%green%'"],
        "order_by": ["n_name", {"field": "o_orderdate_year", "direction": "desc"}],
        "include_empty": False,
    },
    ("n_name", "o_orderdate_year:year", "profit"),
    ("n_name", "o_orderdate_year:year"),
)

RETURNED_ITEMS = Question(
    10,
    {
        "measures": ["lineitem.revenue"],
        "dimensions": [
            "customer.c_custkey",
            "customer.c_name",
            "customer.c_acctbal",
            "customer_nation.n_name",
            "customer.c_address",
            "customer.c_phone",
            "customer.c_comment",
        ],
        "filters": [
            "o_orderdate >= DATE '1993-10-01' AND o_orderdate < DATE '1994-01-01'",
            "l_returnflag = 'R'",
        ],
        "order_by": [{"field": "revenue", "direction": "desc"}],
        "limit": 20,
        "include_empty": False,
    },
    (
        "c_custkey",
        "c_name",
        "revenue",
        "c_acctbal",
        "n_name",
        "c_address",
        "c_phone",
        "c_comment",
    ),
    ("revenue",),
)

SHIPPING_MODES = Question(
    12,
    {
        "measures": ["lineitem.urgent_lines", "lineitem.other_lines"],
        "dimensions": ["lineitem.l_shipmode"],
        "filters": [
            "l_shipmode IN ('MAIL', 'SHIP')",
            "l_shipdate < l_commitdate AND late",
            "l_receiptdate >= DATE '1994-01-01' AND l_receiptdate < DATE '1995-01-01'",
        ],
        "order_by": ["l_shipmode"],
    },
    ("l_shipmode", "urgent_lines", "other_lines"),
    ("l_shipmode",),
)

PROMOTION_EFFECT = Question(
    14,
    {
        "measures": ["lineitem.promo_share"],
        "filters": ["l_shipdate >= DATE '1995-09-01' AND l_shipdate < DATE '1995-10-01'"],
    },
    ("promo_share",),
)

# No supplier's comment is NULL, so "not in those that complain" is a filter on the supplier.
PARTS_AND_SUPPLIERS = Question(
    16,
    {
        "measures": ["partsupp.offering_suppliers"],
        "dimensions": ["part.p_brand", "part.p_type", "part.p_size"],
        "filters": [
            "p_brand <> 'Brand#45'",
            "p_type NOT LIKE 'MEDIUM POLISHED%'",
            "p_size IN (49, 14, 23, 45, 19, 3, 36, 9)",
            "supplier.s_comment NOT LIKE '%Customer%Complaints%'",
        ],
        "order_by": [
            {"field": "offering_suppliers", "direction": "desc"},
            "p_brand",
            "p_type",
            "p_size",
        ],
        "limit": 10_000,
        "include_empty": False,
    },
    ("p_brand", "p_type", "p_size", "offering_suppliers"),
    ("offering_suppliers", "p_brand", "p_type", "p_size"),
)

# The order's total quantity is a measure at the grain of the answer: filtered after aggregation.
LARGE_ORDERS = Question(
    18,
    {
        "measures": ["lineitem.quantity"],
        "dimensions": [
            "customer.c_name",
            "customer.c_custkey",
            "orders.o_orderkey",
            "orders.o_orderdate",
            "orders.o_totalprice",
        ],
        "filters": ["lineitem.quantity > 300"],
        "order_by": [{"field": "o_totalprice", "direction": "desc"}, "o_orderdate"],
        "limit": 100,
        "include_empty": False,
    },
    ("c_name", "c_custkey", "o_orderkey", "o_orderdate", "o_totalprice", "quantity"),
    ("o_totalprice", "o_orderdate"),
)

DISCOUNTED_REVENUE = Question(
    19,
    {
        "measures": ["lineitem.revenue"],
        "filters": [
            "p_brand = 'Brand#12' AND p_container IN ('SM CASE', 'SM BOX', 'SM PACK', 'SM PKG')"
            " AND l_quantity BETWEEN 1 AND 11 AND p_size BETWEEN 1 AND 5"
            " OR p_brand = 'Brand#23' AND p_container IN ('MED BAG', 'MED BOX', 'MED PKG',"
            " 'MED PACK') AND l_quantity BETWEEN 10 AND 20 AND p_size BETWEEN 1 AND 10"
            " OR p_brand = 'Brand#34' AND p_container IN ('LG CASE', 'LG BOX', 'LG PACK',"
            " 'LG PKG') AND l_quantity BETWEEN 20 AND 30 AND p_size BETWEEN 1 AND 15",
            "l_shipmode IN ('AIR', 'AIR REG')",
            "l_shipinstruct = 'DELIVER IN PERSON'",
        ],
    },
    ("revenue",),
)

PLAIN_QUESTIONS = [item for item in list(globals().values()) if isinstance(item, Question)]
