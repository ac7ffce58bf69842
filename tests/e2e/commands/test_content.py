"""Sources, wiki pages and the status of a project, on the built binary with real git."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from harness import LIMIT_SECONDS, Ktx
from json_schema import SCHEMAS, conforms, read_schema

ORDERS = """name: orders
table: orders
grain: [id]
columns:
  - {name: id, type: number}
  - {name: status, type: string}
measures:
  - {name: revenue, expr: sum(amount)}
"""
REVENUE = """---
summary: Paid order value after refunds
tags:
  - finance
refs: []
sl_refs:
  - shop.orders
usage_mode: auto
---

Revenue is the paid amount. Refunds are subtracted.
"""


def git(project: Path, *arguments: str) -> str:
    """What git prints in the project."""
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", *arguments]
    result = subprocess.run(
        command,
        cwd=project,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=True,
    )
    return result.stdout


@pytest.fixture
def user(tmp_path: Path) -> Ktx:
    """Somebody without a runtime, whose files are in no other repository."""
    (tmp_path / "home").mkdir()
    return Ktx(
        home=tmp_path / "home",
        runtime_root=tmp_path / "runtime",
        extra={"GIT_CEILING_DIRECTORIES": str(tmp_path)},
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project as an older ktx made it, in a repository."""
    folder = tmp_path / "my project"
    (folder / "semantic-layer/shop").mkdir(parents=True)
    (folder / "knowledge/global").mkdir(parents=True)
    (folder / "ktx.yaml").write_text(
        "project: bazaar\nconnections:\n  shop: {driver: sqlite, path: shop.db, readonly: true}\n"
    )
    (folder / "semantic-layer/shop/orders.yaml").write_text(ORDERS)
    (folder / "knowledge/global/revenue.md").write_text(REVENUE)
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "Begin")
    return folder


def run(
    user: Ktx, project: Path, *arguments: str, code: int = 0
) -> subprocess.CompletedProcess[str]:
    """A run of ktx in the project that must end with the code."""
    result = user.run(*arguments, "--project-dir", project)
    assert result.returncode == code, result
    return result


def data(user: Ktx, project: Path, schema: str, *arguments: str) -> dict[str, Any]:
    """The JSON of a command, which must be as its schema says."""
    answer: dict[str, Any] = json.loads(run(user, project, *arguments, "--json").stdout)
    assert conforms(answer, read_schema(SCHEMAS / f"{schema}.schema.json")), answer
    return answer


def test_a_source_is_written_committed_and_read(user: Ktx, project: Path) -> None:
    """The bytes that were written are the bytes that are read."""
    (project / "staged.txt").write_text("the user's own")
    git(project, "add", "staged.txt")
    text = ORDERS.replace("orders", "returns")
    result = run(
        user,
        project,
        "sl",
        "write",
        "returns",
        "--connection-id",
        "shop",
        "--yaml",
        text.rstrip("\n"),
    )
    assert (result.stdout, result.stderr) == (
        "Wrote semantic-layer/shop/returns.yaml\n",
        "",
    )
    assert run(user, project, "sl", "read", "returns").stdout == text
    assert git(project, "log", "-1", "--format=%s|%an <%ae>") == (
        "Write semantic-layer source: shop/returns|ktx <ktx@example.com>\n"
    )
    assert (
        git(project, "show", "--format=", "--name-only", "HEAD")
        == "semantic-layer/shop/returns.yaml\n"
    )
    assert "A  staged.txt" in git(project, "status", "--porcelain")
    listed = run(user, project, "sl").stdout
    assert [line.split("\t")[1] for line in listed.splitlines()] == [
        "orders",
        "returns",
    ]


def test_stdin_is_a_text_too(user: Ktx, project: Path) -> None:
    """`--yaml -` and `--query-file -`."""
    text = ORDERS.replace("orders", "returns")
    process = user.start(
        "sl",
        "write",
        "returns",
        "--connection-id",
        "shop",
        "--yaml",
        "-",
        "--project-dir",
        project,
        stdin=subprocess.PIPE,
    )
    out, err = process.communicate(text, timeout=LIMIT_SECONDS)
    assert process.returncode == 0, err
    assert out == "Wrote semantic-layer/shop/returns.yaml\n"
    assert (project / "semantic-layer/shop/returns.yaml").read_text() == text
    process = user.start(
        "sl",
        "query",
        "--query-file",
        "-",
        "--no-input",
        "--project-dir",
        project,
        stdin=subprocess.PIPE,
    )
    out, err = process.communicate(
        '{"measures": ["orders.revenue"], "limits": 3}', timeout=LIMIT_SECONDS
    )
    assert (process.returncode, out) == (1, "")
    assert err.startswith("stdin: limits is no member of a query; did you mean limit?\n")


def test_a_wrong_source_changes_nothing(user: Ktx, project: Path) -> None:
    """Findings have places; file and history stay."""
    result = run(
        user,
        project,
        "sl",
        "write",
        "orders",
        "--connection-id",
        "shop",
        "--yaml",
        ORDERS + "mesures: []\n",
        code=1,
    )
    assert "semantic-layer/shop/orders.yaml:9:1: error: " in result.stderr
    assert git(project, "status", "--porcelain") == ""
    assert git(project, "log", "--format=%s") == "Begin\n"


def test_words_after_sl_are_a_search(user: Ktx, project: Path) -> None:
    """And a slip in a command's name is none."""
    found = json.loads(run(user, project, "sl", "revenue", "--json").stdout)
    assert [item["name"] for item in found["data"]["items"]] == ["orders"]
    result = run(user, project, "sl", "qurey", "--measure", "orders.revenue", code=2)
    assert 'did you mean "query"?' in result.stderr


def test_an_older_projects_pages_are_its_wiki(user: Ktx, project: Path) -> None:
    """The plain outputs are the interface."""
    assert (
        run(user, project, "wiki", "list").stdout
        == "GLOBAL\trevenue\tPaid order value after refunds\n"
    )
    assert run(user, project, "wiki", "read", "revenue").stdout == (
        "# revenue\nScope: GLOBAL\nSummary: Paid order value after refunds\n\n"
        "Revenue is the paid amount. Refunds are subtracted.\n"
    )
    row = run(user, project, "wiki", "search", "refund").stdout.rstrip("\n").split("\t")
    assert row[1:] == ["GLOBAL", "revenue", "Paid order value after refunds"]
    assert float(row[0]) > 0
    nothing = run(user, project, "wiki", "search", "weather")
    assert (nothing.stdout, nothing.stderr) == (
        "",
        "No page matches; ktx wiki list shows all 1\n",
    )
    missing = run(user, project, "wiki", "read", "revenu", code=1)
    assert missing.stderr.startswith('Wiki page "revenu" was not found; did you mean "revenue"?\n')


def test_the_wikis_json_is_described(user: Ktx, project: Path) -> None:
    """Each has a schema."""
    assert data(user, project, "wiki-list", "wiki", "list")["data"]["items"][0]["key"] == "revenue"
    page = data(user, project, "wiki-read", "wiki", "read", "revenue")["data"]
    assert page["slRefs"] == ["shop.orders"]
    found = data(user, project, "wiki-search", "wiki", "search", "refunds")["data"]["items"]
    assert found[0]["matchReasons"] == ["lexical", "token"]


def test_sources_and_pages_share_an_index(user: Ktx, project: Path) -> None:
    """A search for the one neither finds nor forgets the other."""
    for _ in range(2):
        assert run(user, project, "sl", "search", "revenue").stdout.split("\t")[1] == "orders"
        assert len(run(user, project, "wiki", "search", "revenue").stdout.splitlines()) == 1
    assert run(user, project, "sl", "search", "refunds").stdout == ""


def test_a_page_is_written_and_committed(user: Ktx, project: Path) -> None:
    """Where the project keeps its pages; what nobody knows is said."""
    arguments = (
        "wiki",
        "write",
        "refunds",
        "--summary",
        "What comes back",
        "--content",
        "Subtracted.",
    )
    result = run(
        user,
        project,
        *arguments,
        "--tag",
        "finance",
        "--ref",
        "revenue",
        "--sl-ref",
        "shop.ordres",
    )
    assert result.stdout == "Wrote knowledge/global/refunds.md\n"
    assert (
        'the semantic-layer reference "shop.ordres" is not known; did you mean "shop.orders"?'
        in result.stderr
    )
    assert git(project, "log", "-1", "--format=%s") == "Write wiki page: refunds\n"
    again = run(user, project, *arguments[:-1], "Added.", "--scope", "user", "--user-id", "ann")
    assert again.stdout == "Wrote knowledge/user/ann/refunds.md\n"
    assert "Added." in run(user, project, "wiki", "read", "refunds", "--user-id", "ann").stdout
    assert "Subtracted." in run(user, project, "wiki", "read", "refunds").stdout


def test_status_says_what_is_set_up(user: Ktx, project: Path) -> None:
    """In lines for people and scripts, and as JSON."""
    (project / "AGENTS.md").write_text(
        "# Ours\n\n<!-- ktx:agent -->\nUse ktx.\n<!-- /ktx:agent -->\n"
    )
    assert run(user, project, "status").stdout == (
        f"KTX project: {project}\n"
        "Project ready: yes (bazaar)\n"
        "LLM ready: no\n"
        "Embeddings ready: no\n"
        "Primary sources configured: yes (shop)\n"
        "Context sources configured: no\n"
        "KTX context built: yes\n"
        "Agent integration ready: yes (codex project, universal project)\n"
    )
    status = data(user, project, "status", "status")
    assert status["project"] == {"path": str(project), "ready": True, "name": "bazaar"}
    assert status["databases"] == [{"connectionId": "shop", "ready": False}]  # its file is missing
    assert status["context"] == {
        "ready": True,
        "status": "ready",
        "sources": 1,
        "measures": 1,
        "pages": 1,
    }
    (project / "shop.db").write_bytes(b"")
    assert data(user, project, "status", "status")["databases"][0]["ready"]


def test_status_outside_a_project(user: Ktx, tmp_path: Path) -> None:
    """It names the command that makes one."""
    result = run(user, tmp_path, "status")
    assert "Project ready: no\n" in result.stdout
    assert result.stderr == "There is no ktx.yaml here; ktx setup makes a project\n"
    assert not data(user, tmp_path, "status", "status")["project"]["ready"]
    run(user, tmp_path, "status", "--validate", code=1)


def test_status_validates(user: Ktx, project: Path) -> None:
    """Errors in the project's files decide the exit code."""
    run(user, project, "status", "--validate")
    (project / "semantic-layer/shop/broken.yaml").write_text("name: [")
    result = run(user, project, "status", "--validate", code=1)
    assert "semantic-layer/shop/broken.yaml:2:1: error: " in result.stderr
    assert data(user, project, "status", "status")["context"]["status"] == "invalid"
