"""YAML on a page is a model that ktx accepts, or that it finds fault with as the page says."""

from __future__ import annotations

import json

import pytest
from model_files import write_file
from pages import Block, blocks_of, pages
from sandbox import KEPT, TOUR

from conftest import MakeSandbox

BLOCKS = [block for page in pages() for block in blocks_of(page)]
YAML = [block for block in BLOCKS if block.language == "yaml"]
JSON = [block for block in BLOCKS if block.language == "json"]


@pytest.mark.parametrize("block", JSON, ids=lambda block: block.name)
def test_json_is_json(block: Block) -> None:
    """As a strict reader takes it."""
    json.loads(block.text)


@pytest.mark.parametrize("block", YAML, ids=lambda block: block.name)
def test_yaml_says_where_it_belongs(block: Block) -> None:
    """A block without a place is checked by nothing."""
    assert any(block.value(word) for word in ("file", "adds to", "not run")), block.name


def placed() -> list[Block]:
    """The blocks that a test puts into a project of their own."""
    return [
        block
        for block in YAML
        if block.sandbox not in (*KEPT, TOUR) and (block.value("file") or block.value("adds to"))
    ]


@pytest.mark.parametrize("block", placed(), ids=lambda block: block.name)
def test_yaml_is_what_ktx_reads(block: Block, make_sandbox: MakeSandbox) -> None:
    """In the demo's project, `ktx sl validate` finds what the page says, and nothing else."""
    sandbox = make_sandbox(block.sandbox)
    write_file(sandbox.here, block)
    result = sandbox.run("ktx sl validate --format json")
    answer = json.loads(result.text)
    expected = {code.strip() for code in block.value("finds").split(",")} - {""}
    assert {finding["code"] for finding in answer["findings"]} == expected, result.text
