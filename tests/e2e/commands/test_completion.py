"""Tab in bash, zsh and fish, each on a pseudo-terminal, with the script that ktx prints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import Ktx
from shell import Shell, make_wrapper

ORDERS = """name: orders
table: orders
grain: [id]
columns:
  - {name: id, type: number}
  - {name: created_at, type: time}
measures:
  - {name: revenue, expr: sum(amount), description: Money taken}
  - {name: refunds, expr: sum(refund), description: Money given back}
segments:
  - {name: paid, expr: status = 'paid'}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one source."""
    folder = tmp_path / "shop"
    source = folder / "semantic-layer" / "warehouse" / "orders.yaml"
    source.parent.mkdir(parents=True)
    source.write_text(ORDERS, encoding="utf-8")
    config = "project: shop\nconnections:\n  warehouse: {driver: sqlite, path: shop.db}\n"
    (folder / "ktx.yaml").write_text(config, encoding="utf-8")
    return folder


@pytest.fixture(params=["bash", "zsh", "fish"])
def shell(
    request: pytest.FixtureRequest, fresh: Ktx, project: Path, tmp_path: Path
) -> Iterator[Shell]:
    """A shell in the project's folder, with completion."""
    script = tmp_path / "completion"
    script.write_text(fresh.ok("completion", request.param), encoding="utf-8")
    path = f"{make_wrapper(tmp_path / 'bin')}:/usr/local/bin:/usr/bin:/bin"
    variables = fresh.environment() | {"PATH": path, "KTX_REAL": str(fresh.binary)}
    shell = Shell(request.param, script, project, variables)
    yield shell
    shell.close()


def test_tab_completes_each_kind_of_word(shell: Shell, project: Path) -> None:
    """Commands, options, values, names of the project, and words with a colon or a quote."""
    query = ["sl", "query"]
    expected = {
        "sl que": query,
        "sl query --inc": [*query, "--include-empty"],
        "sl query --format ta": [*query, "--format", "table"],
        "sl query --format=ta": [*query, "--format=table"],
        "sl query --connection-id w": [*query, "--connection-id", "warehouse"],
        "sl query --measure orders.rev": [*query, "--measure", "orders.revenue"],
        'sl query --measure "orders.rev': [*query, "--measure", "orders.revenue"],
        "sl query --segment=orders.": [*query, "--segment=orders.paid"],
        "sl query --dimension orders.created_at:mo": [
            *query, "--dimension", "orders.created_at:month",
        ],
        "sl query --dimension=orders.created_at:q": [
            *query, "--dimension=orders.created_at:quarter",
        ],
        "sl query --measure orders.revenue --order-by orders.revenue:d": [
            *query, "--measure", "orders.revenue", "--order-by", "orders.revenue:desc",
        ],
        f"--project-dir {project} sl validate o": [
            "--project-dir", str(project), "sl", "validate", "orders",
        ],
        "runtime install --feature loc": ["runtime", "install", "--feature", "local-embeddings"],
        "--project-dir sem": ["--project-dir", "semantic-layer"],
        "runtime install --from-bundle ktx.y": ["runtime", "install", "--from-bundle", "ktx.yaml"],
    }  # fmt: skip
    # zsh takes the slash behind a folder back when the line ends.
    got = {typed: [word.rstrip("/") for word in shell.words_after_tab(typed)] for typed in expected}
    assert got == expected


ODD = """name: shops
table: shops
grain: [id]
columns:
  - {name: id, type: number}
  - {name: city name, type: string}
  - {name: Weird.Col, type: string}
  - {name: select, type: string}
  - {name: Größe, type: number}
  - {name: a$b, type: string}
  - {name: q"t, type: string}
  - {name: it's, type: string}
  - {name: "d:t", type: time}
measures:
  - {name: big n, expr: count(id)}
  - {name: m.n, expr: count(id)}
segments:
  - {name: old ones, expr: id < 2}
"""


def test_tab_writes_odd_names_as_the_shell_and_the_query_take_them(
    shell: Shell, project: Path
) -> None:
    """Blanks, dots, quotes, dollars and letters beyond ASCII arrive as one word."""
    source = project / "semantic-layer" / "warehouse" / "shops.yaml"
    source.write_text(ODD, encoding="utf-8")
    expected = {
        "--dimension shops.c": "shops.city name",
        "--dimension 'shops.c": "shops.city name",
        '--dimension "shops.c': "shops.city name",
        "--dimension shops.city\\ n": "shops.city name",
        "--dimension shops.W": 'shops."Weird.Col"',
        "--dimension 'shops.W": 'shops."Weird.Col"',
        '--dimension "shops.W': 'shops."Weird.Col"',
        "--dimension=shops.W": '--dimension=shops."Weird.Col"',
        "--dimension shops.s": "shops.select",
        "--dimension shops.Gr": "shops.Größe",
        "--dimension shops.a": "shops.a$b",
        '--dimension "shops.a': "shops.a$b",
        "--dimension shops.q": 'shops."q""t"',
        "--dimension shops.it": "shops.it's",
        "--dimension 'shops.it": "shops.it's",
        '--dimension shops.\\"d:t\\":mo': 'shops."d:t":month',
        "--measure shops.b": "shops.big n",
        "--measure shops.m": "shops.m.n",
        "--segment shops.o": "shops.old ones",
        "--filter shops.c": 'shops."city name"',
        "--filter shops.s": "shops.select",
    }
    got = {typed: shell.words_after_tab(f"sl query {typed}")[-1] for typed in expected}
    assert got == expected


def test_outside_a_project_tab_says_nothing(shell: Shell) -> None:
    """No names, and no message over the line that is being typed."""
    words = shell.words_after_tab("--project-dir /nowhere sl query --measure orders.rev")
    assert words[-1] == "orders.rev"
    assert "project" not in shell.screen


@pytest.mark.parametrize("shell", ["zsh", "fish"], indirect=True)
def test_names_are_shown_with_what_they_mean(shell: Shell) -> None:
    """Where there is more than one, the descriptions stand beside them."""
    shell.press("ktx sl query --measure orders.re\t\t")
    shell.wait_for("Money taken")


def test_every_script_says_how_it_is_installed(fresh: Ktx) -> None:
    """In a comment, and in the help."""
    for name in ("bash", "zsh", "fish"):
        assert f"ktx completion {name} > " in fresh.ok("completion", name)
        assert f"ktx completion {name} > " in fresh.ok("completion", "--help")


def test_tab_knows_the_granularities_that_the_planner_knows(ready: Ktx, project: Path) -> None:
    """All of them, in its order."""
    dimension = "orders.created_at:"
    query = ["sl", "query", "--project-dir", str(project), "--measure", "orders.revenue"]
    offered = ready.ok("__complete", "fish", "--", *query, "--dimension", dimension).splitlines()
    refused = ready.run(*query, "--dimension", f"{dimension}fortnight")
    known = refused.stderr.partition("Granularities: ")[2].partition(".")[0].split(", ")
    assert refused.returncode == 1
    assert [line.split("\t")[0] for line in offered if line[0] != ":"] == [
        f"{dimension}{name}" for name in known
    ]
