"""The operations behind `ktx sl conformance`, as the host calls them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from jsonschema_rs import validator_for

from database_query.asking import reply_of
from ktx_daemon.dispatch import dispatch
from ktx_daemon.server.openapi import schemas_of


@pytest.fixture
def connection(tmp_path: Path) -> dict[str, Any]:
    path = tmp_path / "empty.duckdb"
    duckdb.connect(str(path)).close()
    return {"driver": "duckdb", "path": str(path)}


def call(operation: str, **request: Any) -> dict[str, Any]:
    reply: dict[str, Any] = json.loads(dispatch(operation, json.dumps(request).encode()))
    return reply


def compiled(*only: str, dialect: str = "duckdb") -> list[dict[str, Any]]:
    questions: list[dict[str, Any]]
    questions = call("conformance-compile", dialect=dialect, only=only)["ok"]["questions"]
    return questions


def test_only_some_features_are_compiled() -> None:
    reply = call("conformance-compile", dialect="sqlite", only=["zones", "like"])["ok"]
    assert [feature["name"] for feature in reply["features"]] == ["like", "zones"]
    assert {question["feature"] for question in reply["questions"]} == {"like", "zones"}
    by_id = {question["id"]: question for question in reply["questions"]}
    assert by_id["zones.days_in_berlin"]["verdict"] == "refused"
    assert "SQLite has no time zones" in by_id["zones.days_in_berlin"]["reason"]
    assert by_id["like.percent"]["verdict"] is None
    assert by_id["like.percent"]["expected"] == [[2]]


def test_replies_are_those_of_the_document(connection: dict[str, Any]) -> None:
    answer = call("conformance-compile", dialect="sqlite", only=["zones"])["ok"]
    assert validator_for(schemas_of("conformance-compile")[1]).is_valid(answer)
    (first, *_) = compiled("division")
    statement = {key: first[key] for key in ("id", "sql", "timezone")}
    answers = reply_of("conformance-ask", connection, statements=[statement])["ok"]
    assert validator_for(schemas_of("conformance-ask")[1]).is_valid(answers)


def test_a_feature_that_there_is_not() -> None:
    error = call("conformance-compile", dialect="sqlite", only=["joinz"])["error"]
    assert error["kind"] == "invalid_query"
    assert error["message"] == "The suite has no feature 'joinz'"
    assert error["suggestions"] == ["joins"]
    assert "joins, routes, fan_out" in error["fix"]


def test_statements_run_at_the_same_time_and_keep_their_order(connection: dict[str, Any]) -> None:
    questions = [item for item in compiled("joins", "division") if item["sql"]]
    statements = [{key: item[key] for key in ("id", "sql", "timezone")} for item in questions]
    answers = reply_of("conformance-ask", connection, statements=statements)["ok"]["answers"]
    assert [answer["verdict"] for answer in answers] == ["right"] * len(statements)
    for question, answer in zip(questions, answers, strict=True):
        verdict = call("conformance-judge", id=question["id"], rows=answer["rows"])["ok"]
        assert verdict == {"verdict": "right"}


def test_what_the_database_refuses_is_wrong(connection: dict[str, Any]) -> None:
    statement = {"id": "joins.two_hops", "sql": "SELECT missing FROM (SELECT 1 AS x) AS t"}
    (answer,) = reply_of("conformance-ask", connection, statements=[statement])["ok"]["answers"]
    assert (answer["verdict"], answer["rows"]) == ("wrong", None)
    assert "missing" in answer["reason"]


@pytest.mark.parametrize("count", [1, 2])
def test_a_server_that_is_not_there_is_an_error(count: int) -> None:
    connection = {"driver": "postgres", "host": "127.0.0.1", "port": 1, "user": "x"}
    statement = {"id": "joins.two_hops", "sql": "SELECT 1"}
    reply = reply_of("conformance-ask", connection, statements=[statement] * count)
    assert reply["error"]["kind"] == "database"
    assert reply["error"]["message"].startswith("The database could not be reached")


def test_an_unknown_question_is_an_error() -> None:
    assert call("conformance-judge", id="joins.none", rows=[])["error"]["kind"] == "invalid_request"
