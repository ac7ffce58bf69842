"""The operation `semantic-data-checks`: statements that check a model's promises on its rows.

It asks no database: the statements are run by whoever asks.
"""

# Annotations are read as objects by Model, so this module does not postpone them.
from typing import Any

from ktx_daemon.requests import checked
from ktx_daemon.semantic_layer import known_model
from semantic_layer.catalog import Catalog
from semantic_layer.data.model import Model
from semantic_layer.validate.data_checks import DataCheck, DataChecks
from semantic_layer.validate.findings import Finding


class DataChecksRequest(Model):
    """A model whose rows are to be checked, of all sources or of one.

    `timezone` is the connection's zone, where the sources state none.
    """

    sources: list[dict[str, Any]] | None = None
    model: str | None = None
    dialect: str = "postgres"
    source: str | None = None
    timezone: str | None = None


class DataChecksResponse(Model):
    """The checks to run, and the findings about what cannot be checked in this dialect."""

    checks: list[DataCheck]
    findings: list[Finding]


def semantic_data_checks(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation."""
    asked = checked(DataChecksRequest, request)
    known = known_model(asked.sources, asked.model)
    # Of its own: what others index of a model meanwhile is not shared.
    catalog = Catalog.from_list(known.sources)
    found = DataChecks(catalog, asked.dialect, asked.timezone, asked.source)
    found.run()
    return DataChecksResponse(checks=found.checks, findings=found.unchecked).model_dump()
