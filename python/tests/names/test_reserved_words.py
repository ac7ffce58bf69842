"""Every word that an engine knows is a name wherever the planner writes one, executed there."""

from __future__ import annotations

from typing import Any

import pytest

from ktx_daemon.sql_analysis.read_only import Verdict, validate_read_only
from names import keywords
from names.engines import Engine
from semantic_layer.parser import DIALECTS
from semantic_layer.syntax.names import _listed, quoted_name, reserved_words


def load(engine: Engine, word: str) -> None:
    """Make the word's table, and the facts that refer to it."""
    columns = f"zq_id INTEGER, {engine.quoted(word)} INTEGER"
    engine.load(word, columns, "(1, 10), (2, 20), (3, 30)")
    engine.load("facts", "zq_id INTEGER, key_id INTEGER, amount INTEGER", "(1, 1, 5), (2, 2, 7)")


def model(word: str, rows: dict[str, Any]) -> dict[str, Any]:
    """Return sources of which one, a column, a measure and an alias are called by the word."""
    keyed = {
        "name": word,
        **rows,
        "grain": ["zq_id"],
        "columns": [{"name": "zq_id", "type": "number"}, {"name": word, "type": "number"}],
        "measures": [{"name": "largest", "expr": f"max({word}.{word})"}],
    }
    facts = {
        "name": "facts",
        "table": "facts",
        "grain": ["zq_id"],
        "columns": [{"name": name, "type": "number"} for name in ("zq_id", "key_id", "amount")],
        "joins": [
            {"to": word, "on": f"key_id = {word}.zq_id", "relationship": "many_to_one"},
        ],
        "measures": [{"name": word, "expr": "sum(amount)"}],
    }
    return {word: keyed, "facts": facts}


def wrong_rows(engine: Engine, word: str) -> list[Any]:
    """Return what the questions about the word's model answered, where it is not right."""
    table = quoted_name(word, engine.dialect)
    both = model(word, {"table": table})
    selected = f"SELECT * FROM {engine.quoted(word)}"
    answers = [
        (
            engine.rows(
                both,
                measures=[f"facts.{word}", f"{word}.largest"],
                dimensions=[f"{word}.{word}"],
                filters=[f"{word}.{word} > 10", f"facts.{word} > 0 OR {word}.largest = 30"],
                order_by=[{"field": f"{word}.{word}", "direction": "desc"}],
            ),
            [(30, None, 30), (20, 7, 20)],
        ),
        (
            engine.rows(
                both,
                measures=[{"expr": f"sum(facts.amount) + 0 * facts.{word}", "name": word}],
                dimensions=["facts.key_id"],
                order_by=[{"field": word, "direction": "desc"}],
            ),
            [(2, 7), (1, 5)],
        ),
        (
            engine.rows(
                model(word, {"sql": selected}),
                measures=[f"{word}.largest", f"sum({word}.{word})"],
            ),
            [(30, 60)],
        ),
    ]
    return [found for found, expected in answers if found != expected]


def test_every_keyword_is_a_name_everywhere(engine: Engine) -> None:
    wrong = {}
    for word in engine.words:
        load(engine, word)
        try:
            if found := wrong_rows(engine, word):
                wrong[word] = found
        except Exception as error:  # Whatever an engine or the planner says: it is about this word.
            wrong[word] = [str(error)]
        finally:
            engine.unload(word)
    assert wrong == {}


def test_the_lists_have_every_word_that_is_refused(engine: Engine) -> None:
    if engine.database is not None:
        pytest.skip("of it, the test above tries each word where the planner writes it")
    refused = keywords.refused(engine.words, engine.run, engine.quoted)
    assert len(refused) > 50
    assert set(refused) <= reserved_words(engine.dialect)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_has_a_list(dialect: str) -> None:
    words = reserved_words(dialect)
    assert {"select", "from", "group", "order", "table", "where"} <= words
    assert not {"id", "name", "amount", "status", "orders", "revenue", "total", "day"} & words


# Every place where the planner writes a name, in one statement.
_STATEMENT = """
WITH {w} AS (SELECT t.{w} AS {w}, 1 AS id FROM facts AS t), part AS (
  SELECT {w}.{w} AS {w}, SUM({w}.{w}) AS total FROM {w} LEFT JOIN facts ON {w}.{w} = facts.{w}
  WHERE {w}.{w} > 10 GROUP BY {w}.{w} HAVING SUM({w}.id) > 1
)
SELECT part.{w} AS {w}, CASE WHEN {w}.id > 1 THEN {w}.{w} END AS total
FROM part JOIN {w} ON part.{w} = {w}.{w} ORDER BY {w} DESC, {w}
"""


# The host runs SQLite's statements itself, and proves nothing before.
@pytest.mark.parametrize("dialect", sorted(set(DIALECTS) - {"sqlite"}))
def test_a_statement_with_any_of_the_words_is_proved_to_read_only(dialect: str) -> None:
    words = _listed("unread") | _listed("sqlite") | _listed("duckdb")
    refused = {
        word: verdict.error
        for word in sorted(words)
        if not (verdict := _proof(quoted_name(word, dialect), dialect)).ok
    }
    assert refused == {}


@pytest.mark.parametrize("word", sorted(_listed("unread")))
def test_each_of_the_words_is_there_for_a_reason(word: str) -> None:
    assert any(not _proof(word, dialect).ok for dialect in DIALECTS if dialect != "sqlite")


def _proof(name: str, dialect: str) -> Verdict:
    return validate_read_only(_STATEMENT.format(w=name), dialect)
