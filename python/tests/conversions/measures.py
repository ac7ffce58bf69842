"""The plain measures that conversions of the tests are made of."""

from __future__ import annotations

from conversions.question import Condition, Plain

VISITS = Plain("visits", "visit_count", "count")
DEEP = Plain("visits", "deep_visits", "count", where=Condition("pages", ">", 3))
PAGES = Plain("visits", "pages_seen", "sum", "pages")
VISITORS = Plain("visits", "visitors", "count", "distinct person_id")
LEFT = Plain("visits", "left_count", "count", time="left_on")
ORDERS = Plain("orders", "order_count", "count")
PAID = Plain("orders", "paid", "count", where=Condition("status", "=", "paid"))
REVENUE = Plain("orders", "revenue", "sum", "amount")
MEAN = Plain("orders", "mean_amount", "avg", "amount")
BUYERS = Plain("orders", "buyers", "count", "distinct buyer_id")
LARGEST = Plain("orders", "largest", "max", "amount")
LAST = Plain("orders", "last_order", "max", "ordered_at")
TYPICAL = Plain("orders", "typical", "median", "amount")
SHIPPED = Plain("orders", "shipped", "count", time="shipped_on")
NORTHERN = Plain("orders", "northern", "count", where=Condition("people.region", "=", "north"))
ITEMS = Plain("items", "item_count", "count")
UNITS = Plain("items", "units", "sum", "quantity")
WORTH = Plain("items", "worth", "max", "orders.amount")
OF_ITEMS = ("person_id", "orders.buyer_id")
SAME_PRODUCT = (("product_id", "product_id"),)
WEEK, MONTH, DAY = (7, "day"), (1, "month"), (1, "day")
