"""The 200 texts that every backend must embed alike: what users write, and what breaks tokenizers.

The reference vectors belong to these texts in this order: `make_reference.py` makes both again.
"""

# ruff: noqa: RUF001
from __future__ import annotations

from itertools import cycle, islice, product

BLANK = ["", " ", "\t\n", "\u00a0\u2003", "\u200b"]
PUNCTUATION = [
    "!",
    "...",
    "?!?!",
    "—",
    "()[]{}",
    "'",
    '"',
    "#@$%^&*",
    "、。！？",
    "¿¡",
    "```",
    "- - -",
]
SCRIPTS = [
    "収益は前年比で一二％増加しました。",
    "每个客户的订单数量",
    "고객별 월간 매출",
    "ทุกคำสั่งซื้อของลูกค้า",
    "выручка по регионам за прошлый год",
    "έσοδα ανά πελάτη",
    "إيرادات حسب المنطقة",
    "הכנסות לפי אזור",
    "प्रति ग्राहक राजस्व",
    "Ümsatz pro Köln: größte Straße",
    "İstanbul ve ılık ILIK",
    "ﬁnance oﬃce ①②③ Ⅷ ½",
    "revenue 収益 매출 выручка",
    "𠜎𠜱𠝹𠱓 rare ideographs",
]
EMOJI = [
    "😀",
    "revenue 📈 up, costs 📉 down",
    "👩‍👩‍👧‍👦 family accounts",
    "👍🏽👍🏿",
    "🇩🇪🇫🇷 orders",
    "❤️",
    "🤷‍♀️ unknown status 🤷",
    "☃ ☂ ★ ♻",
]
COMBINING = [
    "cafe\u0301 re\u0301sume\u0301",
    "café résumé",
    "Z\u0351\u036b\u0343a\u0350\u0301l\u0302g\u0303o\u0304",
    "a\u0300\u0301\u0302\u0303\u0304\u0305",
    "\u0301",
    "n\u0303andu\u0301 versus ñandú",
    "Å Å A\u030a",
    "\u1100\u1161\u11a8",
]
CONTROL = [
    "zero\x00byte",
    "bell\x07 and escape \x1b[31mred\x1b[0m",
    "line\nbreak\r\nand\ttab",
    "soft\u00adhyphen and zero\u200bwidth",
    "\ufeffbyte order mark",
    "right\u202eto left\u202c override",
    "private use \ue000 \uf8ff",
    "replacement \ufffd and noncharacter \uffff",
    "vertical\x0btab form\x0cfeed \x85next line",
    "\x01\x02\x03",
]
NUMBERS = [
    "0",
    "42",
    "3.14159265358979",
    "1,234,567.89",
    "-17e-3",
    "2026-11-21T13:15:02Z",
    "0xDEADBEEF",
    "192.168.0.1",
    "+49 (0)221 123-456",
    "550e8400-e29b-41d4-a716-446655440000",
    "12345678901234567890123456789012345678901234567890",
    "50% of $1,000 is €500",
]
CASES = [
    "Revenue by Region",
    "REVENUE BY REGION",
    "revenue by region",
    "rEvEnUe bY rEgIoN",
    "total_order_amount_usd",
    "TotalOrderAmountUsd",
    "total-order-amount-usd",
    "dbo.FactInternetSales",
]
SQL = [
    "SELECT count(*) FROM orders",
    "SELECT region, sum(amount) AS revenue FROM orders WHERE status = 'paid' GROUP BY 1",
    'WITH t AS (SELECT * FROM "Orders") SELECT t.id, row_number() OVER (ORDER BY id) FROM t;',
    "DROP TABLE students; --",
    "CASE WHEN amount > 0 THEN amount ELSE NULL END",
    "sum(amount) / nullif(count(distinct customer_id), 0)",
    "date_trunc('month', created_at)::date",
    "orders.customer_id = customers.id AND NOT orders.deleted",
]
MARKERS = ["[CLS]", "[SEP] [PAD] [MASK]", "the [UNK] word", "##ing ##ed", "<s></s>"]
WORDS = """revenue order customer region month average product churn margin refund invoice
subscription session visit campaign warehouse shipment discount supplier quarter""".split()


def repeated() -> list[str]:
    """One word many times, around and beyond the limit of 256 tokens, and words without an end."""
    counts = [2, 3, 8, 62, 126, 127, 128, 253, 254, 255, 256, 300]
    texts = [" ".join(["revenue"] * count) for count in counts]
    return [*texts, "a" * 99, "a" * 100, "a" * 101, "x" * 5000, "ab" * 300, "収" * 400, "😀" * 300]


def long_texts() -> list[str]:
    """Up to 2,000 words."""
    return [" ".join(islice(cycle(WORDS), count)) for count in (50, 200, 400, 1000, 2000)]


def descriptions() -> list[str]:
    """What a semantic layer says of its sources, in plain sentences."""
    kinds = ["Count of {}s", "Sum of {} amount per {}", "Which {} had the most {}s last year?"]
    pairs = zip(WORDS, reversed(WORDS), strict=True)
    return [kind.format(one, other) for kind, (one, other) in product(kinds, pairs)]


def all_texts() -> list[str]:
    """The texts, 200 of them."""
    fixed = [BLANK, PUNCTUATION, SCRIPTS, EMOJI, COMBINING, CONTROL, NUMBERS, CASES, SQL, MARKERS]
    texts = [text for group in fixed for text in group] + repeated() + long_texts() + descriptions()
    fill = [f"{one} for each {other}" for one, other in product(WORDS, WORDS) if one != other]
    return (texts + fill)[:200]
