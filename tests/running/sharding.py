"""A pytest plugin: `--shard I/N` runs the I-th part of N of what was collected.

Every N-th test in the order of collection, so that each test is in one shard whatever is added, and
neighbours, which take about as long as each other, are spread evenly.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option."""
    parser.addoption(
        "--shard", metavar="I/N", default="1/1", help="run the I-th part of N of the tests"
    )


def parse(shard: str) -> tuple[int, int]:
    """The part, from 0 on, and the number of parts that I/N means."""
    part, _, parts = shard.partition("/")
    if not (part.isdigit() and parts.isdigit() and 1 <= int(part) <= int(parts)):
        raise pytest.UsageError(f"--shard {shard}: write I/N with I from 1 to N, as in 2/4.")
    return int(part) - 1, int(parts)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves the tests of this shard."""
    part, parts = parse(config.getoption("--shard"))
    others = [item for index, item in enumerate(items) if index % parts != part]
    items[:] = items[part::parts]
    if others:
        config.hook.pytest_deselected(items=others)
