"""The operation `parse-table-identifier`: names of tables, as BI tools write them, in parts."""

# Annotations are read as objects by Model, so this module does not postpone them.
from typing import Any

from ktx_daemon.errors import INVALID_REQUEST, OperationError
from ktx_daemon.requests import checked
from semantic_layer.data.model import Model
from semantic_layer.table_identifier_parser import (
    ParseTableIdentifierItem,
    parse_table_identifier_batch,
)


class ParseTableIdentifierRequest(Model):
    """Names to read, each under a key of the caller's, which no other may have."""

    items: list[ParseTableIdentifierItem]


def parse_table_identifier(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation: the parts of each name, or the reason why it has none, by key."""
    items = checked(ParseTableIdentifierRequest, request).items
    seen: set[str] = set()
    for item in items:
        if item.key in seen:
            raise OperationError(
                INVALID_REQUEST,
                f"Two items have the key '{item.key}', and results are by key.",
                fix="Give every item a key of its own.",
            )
        seen.add(item.key)
    results = parse_table_identifier_batch(items)
    return {"results": {key: result.model_dump() for key, result in results.items()}}
