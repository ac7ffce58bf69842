"""What the operation says beside its statements: places, words, and what it leaves out."""

from __future__ import annotations

from typing import Any

import pytest

from data_checks.asking import sources
from data_checks.test_keys import joined
from ktx_daemon.data_checks import semantic_data_checks
from semantic_layer.errors import SemanticError


def asked(model: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return semantic_data_checks({"sources": model, **more})


def codes(reply: dict[str, Any]) -> list[tuple[str, str]]:
    return [(check["location"]["source"], check["code"]) for check in reply["checks"]]


def test_checks_of_all_sources_and_of_one() -> None:
    windows = [("orders", "window_overlap"), ("orders", "window_backwards")]
    grains = [("orders", "grain_duplicate"), ("orders", "grain_null")]
    history = [("history", "grain_duplicate"), ("history", "grain_null")]
    assert codes(asked(sources())) == [*history, *grains, *windows]
    assert codes(asked(sources(), source="orders")) == [*grains, *windows]
    assert codes(asked(sources(), source="history")) == history


def test_places_and_words() -> None:
    checks = {check["code"]: check for check in asked(sources())["checks"]}
    overlap = checks["window_overlap"]
    assert overlap["location"] == {"source": "orders", "path": ["joins", 0, "valid"]}
    assert overlap["concerned"] == ["history"]
    assert overlap["message"] == (
        "`valid` of join 1 of source 'orders' to 'history': two rows of 'history' with one key "
        "hold at once; such keys"
    )
    assert overlap["severity"] == checks["grain_duplicate"]["severity"] == "error"
    assert checks["window_backwards"]["severity"] == checks["grain_null"]["severity"] == "warning"
    [join] = [c for c in asked(joined("region = regions.code"))["checks"] if "join" in c["code"]]
    assert join["location"] == {"source": "lines", "path": ["joins", 0, "relationship"]}
    assert join["message"] == (
        "join 1 of source 'lines' to 'regions' is declared many_to_one, and several rows of "
        "'regions' have one key; such keys"
    ).replace("join 1", "Join 1")


def test_a_faulty_join_is_left_to_the_check_of_the_files() -> None:
    model = sources()
    model[0]["joins"][0]["on"] = "k = history."
    assert ("orders", "grain_null") in codes(asked(model))
    assert ("orders", "window_overlap") not in codes(asked(model))
    model[0]["joins"][0].update(on="k = gone.k", to="gone")
    assert ("orders", "window_overlap") not in codes(asked(model))


def test_a_zone_of_the_source_comes_before_that_of_the_connection() -> None:
    checks = asked(sources(timezone="Asia/Tokyo"), timezone="Europe/Berlin")["checks"]
    zones = {(c["location"]["source"], c["code"]): c["timezone"] for c in checks}
    assert zones["history", "grain_duplicate"] == "Asia/Tokyo"
    assert zones["orders", "window_overlap"] == "Asia/Tokyo"
    assert zones["orders", "grain_duplicate"] == "Europe/Berlin"


def test_what_the_dialect_cannot_say_is_a_finding() -> None:
    model = sources(sql="WITH a AS (SELECT * FROM h) SELECT * FROM a")
    del model[1]["table"]
    reply = asked(model, dialect="tsql")
    assert {finding["code"] for finding in reply["findings"]} == {"data_unchecked"}
    assert "WITH inside another query" in reply["findings"][0]["message"]
    assert codes(reply) == [("orders", "grain_duplicate"), ("orders", "grain_null")]


@pytest.mark.parametrize(
    "dialect", ["mysql", "bigquery", "snowflake", "redshift", "databricks", "tsql"]
)
def test_other_dialects_have_statements(dialect: str) -> None:
    reply = asked(sources(), dialect=dialect)
    assert len(reply["checks"]) == 6
    assert reply["findings"] == []


def test_a_faulty_request() -> None:
    with pytest.raises(SemanticError, match="sources"):
        asked(None)  # type: ignore[arg-type]
