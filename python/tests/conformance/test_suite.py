"""The bundled suite: what it covers, and that ktx is right on every engine that runs here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest

from ktx_daemon.conformance.judging import (
    REFUSED,
    RIGHT,
    WRONG,
    verdict_of_refusal,
    verdict_of_rows,
)
from ktx_daemon.conformance.statements import Compiled, Compiler, version_statement
from ktx_daemon.conformance.suite import Question, bundled, check_tables
from ktx_daemon.errors import OperationError
from ktx_daemon.sql_analysis.read_only import validate_read_only
from semantic_layer.syntax import names
from support.databases import Database, DuckDB, Row, Sqlite

SUITE = bundled()
# Each has an engine of its own, or a stand-in, among the drivers.
DIALECTS = (
    "sqlite duckdb postgres mysql clickhouse spark databricks trino snowflake bigquery redshift"
    " tsql"
).split()
RULES = set(range(1, 26))
# What each engine lacks by its nature.
REFUSED_ON = {
    "sqlite": {
        "zones.months_in_berlin",
        "zones.days_in_berlin",
        "zones.text_in_berlin",
        "zones.local_time_stays",
        "zones.date_stays",
        "storage.unix_in_berlin",
    }
}


class Run:
    """The suite on one database, question by question."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.given: dict[str, object] = {}

    def verdicts(self, questions: list[Question]) -> Iterator[tuple[str, str]]:
        dialect = self._database.dialect
        for one in Compiler(SUITE, dialect).compiled(questions):
            yield one.question.id, self._verdict(one)

    def _verdict(self, one: Compiled) -> str:
        if one.refusal:
            self.given[one.question.id] = one.refusal
            return verdict_of_refusal(one.question, self._database.dialect)
        if one.fault:
            self.given[one.question.id] = one.fault
            return WRONG
        try:
            rows = self._rows(one)
        except Exception as error:  # Whatever an engine says: it is about this statement.
            self.given[one.question.id] = error
            return WRONG
        self.given[one.question.id] = rows
        return verdict_of_rows(one.question, rows)

    def _rows(self, one: Compiled) -> list[Row]:
        if one.timezone == "UTC" or not self._database.has_zones:
            return self._database.rows(one.sql)
        self._database.set_zone(one.timezone)
        try:
            return self._database.rows(one.sql)
        finally:
            self._database.set_zone("UTC")


def test_everything_is_right_on_every_engine_that_runs_here(every_database: list[Database]) -> None:
    for database in every_database:
        run = Run(database)
        verdicts = dict(run.verdicts(SUITE.questions))
        wrong = {id_: run.given[id_] for id_, verdict in verdicts.items() if verdict == WRONG}
        assert not wrong, database.dialect
        refused = {id_ for id_, verdict in verdicts.items() if verdict == REFUSED}
        assert refused == REFUSED_ON.get(database.dialect, set())
        assert len(verdicts) > 190


def test_it_is_about_every_rule_and_has_no_question_twice() -> None:
    assert {rule for question in SUITE.questions for rule in question.rules} == RULES
    assert all(question.rules for question in SUITE.questions)
    assert max(Counter(question.id for question in SUITE.questions).values()) == 1
    check_tables(SUITE)


def test_the_host_completes_its_features() -> None:
    golden = Path(__file__).parents[3] / "tests" / "golden" / "conformance_features.txt"
    assert golden.read_text().split() == [feature.name for feature in SUITE.features]


def test_groups_are_of_features_and_can_be_chosen() -> None:
    features = {feature.name for feature in SUITE.features}
    assert not features & SUITE.groups.keys()
    for name, members in SUITE.groups.items():
        assert set(members) <= features
        assert {item.feature for item in SUITE.chosen([name])} == set(members)
    assert {item.feature for item in SUITE.chosen(["time", "joins"])} >= {"zones", "joins"}
    with pytest.raises(OperationError, match="no feature 'tme'") as caught:
        SUITE.chosen(["tme"])
    assert caught.value.suggestions == ["time"]


def test_its_dialects_are_spelled_as_they_are() -> None:
    named = {
        dialect
        for question in SUITE.questions
        for dialect in (*question.not_on, *question.only_on, *question.may_refuse)
    }
    assert named <= set(DIALECTS)


@cache
def compiled(dialect: str) -> list[Compiled]:
    return Compiler(SUITE, dialect).compiled(SUITE.questions)


# Where the proof may stumble: over names and texts. The rest has the same shapes.
PROVED = {"reserved_words", "odd_names", "long_names", "texts", "like", "counts"}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_statements_are_proved_to_read_only(dialect: str) -> None:
    statements = [one.sql for one in compiled(dialect) if one.question.feature in PROVED]
    statements = [version_statement(dialect), *filter(None, statements)]
    refused = [sql for sql in statements if not validate_read_only(sql, dialect).ok]
    assert len(statements) > 30
    assert not refused


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_may_not_be_refused_is_answered_in_every_dialect(dialect: str) -> None:
    wrong = {
        one.question.id: one.refusal or one.fault
        for one in compiled(dialect)
        if one.fault or (one.refusal and verdict_of_refusal(one.question, dialect) == WRONG)
    }
    assert not wrong


def test_clickhouse_is_asked_of_columns_of_both_kinds() -> None:
    sql = {(one.question.id, one.variant): one.sql for one in compiled("clickhouse")}
    both = sql["joins.two_hops", "nullable"], sql["joins.two_hops", "plain"]
    assert "CAST('north' AS Nullable(String))" in both[0]
    assert "CAST('north' AS String)" in both[1]
    assert "CAST(NULL AS Nullable(String))" in both[1]
    empty = sql["counts.of_an_empty_source", "plain"]
    assert "CAST(NULL" not in empty  # ClickHouse refuses it, of a row that is cut off too


class BrokenCompiler(Compiler):
    """A dialect that writes something else than it should."""

    broken: tuple[str, str] = ("", "")

    def _one(self, question: Question, variant: str) -> Compiled:
        one = super()._one(question, variant)
        one.sql = one.sql.replace(*self.broken)
        return one


@pytest.mark.parametrize(
    ("broken", "feature"),
    [
        (("NULLIF(", "("), "division"),
        (("LEFT JOIN", "JOIN"), "joins"),
        (("GROUP BY\n    parts.name", "GROUP BY\n    parts.name, parts.revenue"), "chasm"),
        ((" ASC", " ASC NULLS FIRST"), "nulls"),
        (("COUNT(*)", "SUM(1)"), "counts"),
        (("'O''Brien'", "'OBrien'"), "texts"),
        (('"order"', "order"), "reserved_words"),
        (("'week'", "'month'"), "grains"),
    ],
)
def test_a_broken_dialect_is_caught(
    broken: tuple[str, str],
    feature: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    questions = SUITE.chosen([feature])
    with closing(DuckDB()) as duckdb:
        assert WRONG not in dict(Run(duckdb).verdicts(questions)).values()
        monkeypatch.setattr(BrokenCompiler, "broken", broken)
        monkeypatch.setattr("conformance.test_suite.Compiler", BrokenCompiler)
        assert WRONG in dict(Run(duckdb).verdicts(questions)).values()


def test_a_planner_without_reserved_words_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "reserved_words", lambda _: frozenset())
    with closing(Sqlite()) as sqlite:
        verdicts = dict(Run(sqlite).verdicts(SUITE.chosen(["reserved_words"])))
    assert verdicts["reserved_words.sources_and_columns"] == WRONG


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ([["north", 30], ["south", {"decimal": "30.00"}], [None, 90.0]], RIGHT),
        ([[None, 90], ["south", 30], ["north", 30]], RIGHT),
        ([["north", 30], ["south", 30], [None, 90.001]], WRONG),
        ([["north", 30], ["south", 30], ["", 90]], WRONG),
        ([["north", 30], ["south", 30]], WRONG),
        ([["north", 30], ["south", 30], [None, 90], [None, 90]], WRONG),
        ([["north", 30], ["south", 30], [None, None]], WRONG),
        ([["north", 30], ["north", 30], [None, 90]], WRONG),
        ([["north", 30], ["south", {"float": "NaN"}], [None, 90]], WRONG),
        ([["north", "30"], ["south", 30], [None, 90]], WRONG),
    ],
)
def test_rows_are_compared_whole(given: list[list[object]], verdict: str) -> None:
    assert verdict_of_rows(SUITE.question("joins.two_hops"), given) == verdict


@pytest.mark.parametrize(
    ("id_", "given", "verdict"),
    [
        ("limits.first_two", [["paid", 80], ["open", 50]], RIGHT),
        ("limits.first_two", [["open", 50], ["paid", 80]], WRONG),
        (
            "grains.year",
            [
                ["2000-01-01T00:00:00+00:00", 2],
                ["2023-01-01T00:00:00.000000", 17],
                ["2037-01-01 00:00:00", 4],
                [None, 8],
            ],
            RIGHT,
        ),
        (
            "grains.year",
            [["2000-01-01", 2], ["2023-01-01T00:00:00+01:00", 17], ["2037-01-01", 4], [None, 8]],
            WRONG,
        ),
        (
            "grains.year",
            [["2000-01-01", 2], ["2023-01-01 01:00:00", 17], ["2037-01-01", 4], [None, 8]],
            WRONG,
        ),
    ],
)
def test_order_and_moments(id_: str, given: list[list[object]], verdict: str) -> None:
    assert verdict_of_rows(SUITE.question(id_), given) == verdict
