"""The contract examples, which the embedding host runs as well: exact replies to exact requests."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ktx_daemon.dispatch import dispatch
from ktx_daemon.errors import INTERNAL, KINDS

CONTRACT = Path(__file__).parents[2] / "tests" / "contract"
CASES = sorted(CONTRACT.glob("*/*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_reply_is_exact(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    request = json.dumps(case["request"]).encode()
    reply = dispatch(case["operation"], request)
    if os.environ.get("KTX_UPDATE_GOLDEN") and json.loads(reply) != case["reply"]:
        case["reply"] = json.loads(reply)
        path.write_text(json.dumps(case, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    expected = json.dumps(case["reply"], ensure_ascii=False, separators=(",", ":"))
    assert reply.decode("utf-8") == expected
    assert case["operation"] == path.parent.name


def test_examples_cover_every_kind_of_error_that_is_not_a_bug() -> None:
    replies = [json.loads(path.read_text(encoding="utf-8"))["reply"] for path in CASES]
    kinds = {reply["error"]["kind"] for reply in replies if "error" in reply}
    assert kinds == set(KINDS) - {INTERNAL}
    assert sum("ok" in reply for reply in replies) >= 4
