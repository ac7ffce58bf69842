"""The random questions tell a wrong planner from the right one."""

from __future__ import annotations

import pytest

from calendars.bugs import BUGS, Bug
from calendars.cases import cases, stated
from metrics.checking import check, right
from metrics.periods import kept_by
from oracle.search import Search
from oracle.wrong import Wrong
from support.databases import Database


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_bug_is_found(
    bug: Bug, databases: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    bug(monkeypatch)
    with pytest.raises(Wrong):
        _search(databases)


def _search(databases: list[Database]) -> None:
    search = Search(9000, seed=0, shard=1, shards=1, collects=False)
    for world, questions, calendar in cases(search):
        for question in questions:
            with kept_by(calendar):
                expected = right(world, question)
                check(world, question, expected, databases[:1], calendar=stated(calendar))
