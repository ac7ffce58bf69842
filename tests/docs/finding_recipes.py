"""For each code of docs/diagnostics.md, how the demo's model comes to have that finding."""

from __future__ import annotations

from dataclasses import dataclass, field

VALIDATE = "ktx sl validate"
ORDERS = "ktx sl query --measure orders.order_count"


@dataclass(frozen=True)
class Recipe:
    """Files to write and places to change in the demo's project, and the command that speaks."""

    command: str = VALIDATE
    write: dict[str, str] = field(default_factory=dict)
    change: dict[str, tuple[str, str]] = field(default_factory=dict)
    prepare: str = ""
    coded: bool = True


def in_file(name: str, old: str, new: str, command: str = VALIDATE) -> Recipe:
    """One place of a source becomes another."""
    return Recipe(command, change={f"semantic-layer/shop/{name}.yaml": (old, new)})


def in_project(old: str, new: str, command: str = VALIDATE) -> Recipe:
    """One place of ktx.yaml becomes another."""
    return Recipe(command, change={"ktx.yaml": (old, new)})


def with_file(name: str, text: str) -> Recipe:
    """A file more."""
    return Recipe(write={f"semantic-layer/shop/{name}.yaml": text})


TWO_TABLES = (
    "tables:\n  a_x: {table: a.x, columns: [{name: id, type: integer, pk: true}]}\n"
    "  b_x: {table: b.x, columns: [{name: id, type: integer, pk: true}]}\n"
)
TIE = (
    "name: invoices\ntable: invoices\ngrain: [id]\ncolumns:\n"
    "  - { name: id, type: number }\n  - { name: customer_id, type: number }\n"
    "  - { name: store_id, type: number }\njoins:\n"
    "  - { to: customers, on: customer_id = customers.id, relationship: many_to_one }\n"
    "  - { to: stores, on: store_id = stores.id, relationship: many_to_one }\n"
    "measures:\n  - { name: invoice_count, expr: count(id) }\n"
)
STORES = (
    "name: stores\ntable: stores\ngrain: [id]\ncolumns:\n"
    "  - { name: id, type: number }\n  - { name: region_id, type: number }\njoins:\n"
    "  - { to: regions, on: region_id = regions.id, relationship: many_to_one }\n"
)
DATA = f"{VALIDATE} --data"
VERSIONS = (
    "name: prices\nsql: >-\n  SELECT 7 AS product_id, '2026-01-01' AS since, '{}' AS until\n"
    "  UNION ALL SELECT 7, '2026-02-01', NULL\ngrain: [product_id, since]\ncolumns:\n"
    "  - {{ name: product_id, type: number }}\n  - {{ name: since, type: time }}\n"
    "  - {{ name: until, type: time }}\n"
)
BUYS = (
    "name: buys\nsql: SELECT 1 AS id, 7 AS product_id, '2026-02-03' AS at\ngrain: [id]\ncolumns:\n"
    "  - { name: id, type: number }\n  - { name: product_id, type: number }\n"
    "  - { name: at, type: time }\njoins:\n  - to: prices\n"
    "    on: product_id = prices.product_id\n    relationship: many_to_one\n"
    "    valid: { from: since, to: until, at: at }\n"
)


def with_rows(rows: str) -> Recipe:
    """A source more, with these rows."""
    text = ALONE.replace("table: notes", f"sql: {rows}")
    return Recipe(DATA, write={"semantic-layer/shop/notes.yaml": text})


def with_versions(until: str) -> Recipe:
    """A source of versions, the first of which holds until then, and one that looks them up."""
    prices = VERSIONS.format(until)
    return Recipe(
        DATA,
        write={
            "semantic-layer/shop/prices.yaml": prices,
            "semantic-layer/shop/buys.yaml": BUYS,
        },
    )


ALONE = "name: notes\ntable: notes\ngrain: [id]\ncolumns:\n  - { name: id, type: number }\n"

FINDINGS: dict[str, Recipe] = {
    "yaml-syntax": in_file("regions", "table: regions", "table: [regions"),
    "unreadable-file": Recipe(prepare="ln -s nowhere.yaml semantic-layer/shop/lost.yaml"),
    "not-a-mapping": with_file("list", "- orders\n"),
    "unknown-key": in_file("orders", "measures:", "mesures:"),
    "missing-key": in_file("orders", "table: orders\n", "table:\n"),
    "wrong-type": in_file("orders", "grain: [id]", "grain: id"),
    "unknown-value": in_file(
        "regions", "{ name: country, type: string }", "{ name: country, type: text }"
    ),
    "legacy-key": Recipe(  # it ends the reading of ktx.yaml, as an error that says no code
        change={"ktx.yaml": ("connections:", "ingest: { llm: { model: m } }\nconnections:")},
        coded=False,
    ),
    "table-and-sql": in_file("regions", "table: regions", "table: regions\nsql: SELECT 1"),
    "exclusive-keys": in_file(
        "orders",
        "expr: count(id)\n",
        "expr: count(id)\n    offset: { of: buyers, by: 1 year }\n",
    ),
    "bad-duration": in_file(
        "orders", "expr: count(id)\n", "cumulative: { of: buyers, window: 28 dys }\n"
    ),
    "empty-grain": in_file("regions", "grain: [id]", "grain: []"),
    "unknown-grain-column": in_file("regions", "grain: [id]", "grain: [code]"),
    "unknown-join-target": in_file("customers", "to: regions", "to: region"),
    "duplicate-source": with_file("more", ALONE.replace("notes", "regions")),
    "reserved-name": with_file("spare", ALONE.replace("name: notes", "name: metric_time")),
    "duplicate-column": in_file("channels", "name: name", "name: id"),
    "duplicate-measure": in_file("orders", "name: buyers", "name: order_count"),
    "duplicate-segment": in_file("orders", "{ name: paid,", "{ name: cancelled,"),
    "overlay-without-base": with_file(
        "extra", "name: ordrs\nmeasures:\n  - { name: n, expr: count(id) }\n"
    ),
    "overlay-column-without-expr": Recipe(
        write={
            "semantic-layer/shop/_schema/main.yaml": TWO_TABLES,
            "semantic-layer/shop/a.yaml": "name: a_x\ncolumns:\n  - { name: size, type: number }\n",
        }
    ),
    "unknown-excluded-column": Recipe(
        write={
            "semantic-layer/shop/_schema/main.yaml": TWO_TABLES,
            "semantic-layer/shop/a.yaml": "name: a_x\nexclude_columns: [colour]\n",
        }
    ),
    "unknown-disabled-join": Recipe(
        write={
            "semantic-layer/shop/_schema/main.yaml": TWO_TABLES,
            "semantic-layer/shop/a.yaml": "name: a_x\ndisable_joins: [y_id = y.id]\n",
        }
    ),
    "unknown-inherited-source": in_file(
        "regions", "grain: [id]", "grain: [id]\ninherits_columns_from: areas"
    ),
    "ambiguous-inherited-source": Recipe(
        write={"semantic-layer/shop/_schema/main.yaml": TWO_TABLES},
        change={
            "semantic-layer/shop/regions.yaml": (
                "grain: [id]",
                "grain: [id]\ninherits_columns_from: x",
            )
        },
    ),
    "join_invalid": in_file("customers", "region_id = regions.id", "region_id > regions.id"),
    "join_column_missing": in_file(
        "customers", "region_id = regions.id", "region_id = regions.code"
    ),
    "join_alias": in_file(
        "customers",
        "relationship: many_to_one",
        "relationship: many_to_one\n    alias: orders",
    ),
    "join_contradiction": in_file(
        "regions",
        "columns:",
        "joins:\n  - to: customers\n    on: customers.region_id = regions.id\n"
        "    relationship: many_to_one\ncolumns:",
    ),
    "join_grain": in_file("customers", "region_id = regions.id", "region_id = regions.country"),
    "table_invalid": in_file("orders", "table: orders", "table: 2024-01-01"),
    "measure_invalid": in_file(
        "orders", "count_distinct(customer_id)", "count_distinct(custmer_id)"
    ),
    "segment_invalid": in_file("orders", "status = 'paid'", "state = 'paid'"),
    "column_invalid": in_file(
        "channels",
        "columns:",
        "columns:\n  - { name: upper_name, type: string, expr: upper(name }",
    ),
    "measure_same": in_file(
        "orders",
        "measures:",
        "measures:\n  - { name: orders_again, expr: count(id) }",
        f"{VALIDATE} --verbose",
    ),
    "route_ambiguous": Recipe(
        write={
            "semantic-layer/shop/invoices.yaml": TIE,
            "semantic-layer/shop/stores.yaml": STORES,
        }
    ),
    "model_disconnected": with_file(
        "notes", ALONE + "measures:\n  - { name: n, expr: count(id) }\n"
    ),
    "source_unused": with_file("notes", ALONE),
    "time_spine": in_project(
        "connections:", "time_spine: { source: orders, column: id }\nconnections:"
    ),
    "grain_duplicate": with_rows("SELECT 7 AS id UNION ALL SELECT 7"),
    "grain_null": with_rows("SELECT 7 AS id UNION ALL SELECT NULL"),
    "join_duplicate": in_file(
        "customers", "region_id = regions.id", "region_id = regions.country", DATA
    ),
    "window_overlap": with_versions("2026-02-02"),
    "window_backwards": with_versions("2025-12-31"),
    "data_unchecked": in_file("channels", "table: channels", "table: chanels", DATA),
    "unknown-driver": in_project("driver: sqlite", "driver: sqllite"),
    "row-limit": Recipe(
        "ktx sl query --measure orders.order_count --dimension orders.status --limit 2 --execute"
    ),
    "time_unreadable": in_file(
        "orders",
        "name: customer_id, type: number",
        "name: customer_id, type: time",
        ORDERS + " --dimension orders.customer_id:month --execute",
    ),
    "text_unreadable": in_file(
        "orders",
        "columns:",
        "columns:\n  - { name: label, type: string, expr: \"CAST(x'4AFF' AS TEXT)\" }",
        ORDERS + " --dimension orders.label --execute",
    ),
    "groups_overlap": Recipe(f"{ORDERS} --dimension categories.department --each-once"),
    "filter_partial": Recipe(
        "ktx sl query --measure orders.order_count --measure visits.visit_count "
        "--dimension channels.name --filter \"orders.status = 'paid'\""
    ),
}

# What the files' own checks find first, so that only clients of the operation see it: a model, and
# what more its request says.
SOURCE = {
    "name": "a",
    "table": "a",
    "grain": ["id"],
    "columns": [{"name": "id", "type": "number"}],
}
OTHER = SOURCE | {"name": "b", "table": "b"}
MEASURE = {"name": "n", "expr": "count(id)"}
OPERATION: dict[str, dict[str, object]] = {
    "source_invalid": {"sources": [{"name": "a"}]},
    "source_duplicate": {"sources": [SOURCE, SOURCE]},
    "join_target_undefined": {
        "sources": [
            SOURCE | {"joins": [{"to": "x", "on": "id = x.id", "relationship": "many_to_one"}]}
        ]
    },
    "grain_column_missing": {"sources": [SOURCE | {"grain": ["code"]}]},
    "measure_duplicate": {"sources": [SOURCE | {"measures": [MEASURE, MEASURE]}]},
    "column_duplicate": {"sources": [SOURCE | {"columns": [{"name": "id", "type": "number"}] * 2}]},
    "segment_duplicate": {
        "sources": [SOURCE | {"segments": [{"name": "s", "expr": "id > 1"}] * 2}]
    },
    "source_alone": {"sources": [SOURCE, OTHER], "recently_touched": ["a"]},
    "sql_source_unjoined": {
        "sources": [
            {key: value for key, value in SOURCE.items() if key != "table"}
            | {"sql": "SELECT id FROM b"},
            OTHER,
        ],
        "recently_touched": ["a"],
    },
}
