"""`ktx setup` as a script runs it: options for everything, and no question."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from harness import Ktx
from small_shop import files_of, make_shop, scripted


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Where a new user begins."""
    return make_shop(tmp_path / "shop")


ADDRESSES = {
    "postgres": "env:DATABASE_URL",
    "mysql": "mysql://reader@db.example.com/shop",
    "snowflake": "env:SNOWFLAKE_URL",
    "bigquery": "env:BIGQUERY_URL",
    "clickhouse": "file:/run/secrets/clickhouse",
    "sqlserver": "env:SQLSERVER_URL",
    "databricks": "env:DATABRICKS_URL",
    "trino": "trino://reader@trino.example.com/hive/sales",
    "spark": "sc://spark.example.com:15002",
}


@pytest.mark.parametrize("driver", ADDRESSES)
def test_a_script_writes_the_connection_of_each_driver(
    fresh: Ktx, tmp_path: Path, driver: str
) -> None:
    """Exactly what is in ktx.yaml then; no runtime is needed, and none is installed."""
    folder = tmp_path / "project"
    arguments = [
        "--database",
        driver,
        "--database-url",
        ADDRESSES[driver],
        "--database-schema",
        "sales",
    ]
    scripted(fresh, folder, "--new", *arguments, "--new-database-connection-id", "wh")
    text = (folder / "ktx.yaml").read_text()
    address = ADDRESSES[driver]
    assert f"  wh:\n    driver: {driver}\n" in text
    assert address in text
    assert "readonly: true" in text
    assert "schemas: [sales]" in text
    listed = fresh.json("setup", "status", "--json", "--project-dir", str(folder))
    assert {step["id"]: step["done"] for step in listed["steps"]}["databases"]
    assert not fresh.runtime_root.exists()


def test_a_script_with_sqlite_can_ask_at_once(ready: Ktx, shop: Path) -> None:
    """The same result as with questions."""
    out = scripted(
        ready,
        shop,
        "--new",
        "--database",
        "sqlite",
        "--database-url",
        str(shop / "shop.db"),
    )
    assert "path: shop.db" in (shop / "ktx.yaml").read_text()
    command = next(line for line in out.splitlines() if " sl query " in line)
    binary = f"PATH={ready.binary.parent}:$PATH"
    asked = subprocess.run(
        ["/bin/sh", "-c", f"{binary}; {command}"],
        env=ready.environment(),
        cwd=shop,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    before = files_of(shop)
    scripted(ready, shop)
    assert files_of(shop) == before


def test_models_are_written_as_references(fresh: Ktx, tmp_path: Path) -> None:
    """Never the key; and a key in the place of a variable's name is refused at once."""
    folder = tmp_path / "project"
    key = "sk-ant-1234-secret"
    error = fresh.fails(
        *[
            "setup",
            "--new",
            "--no-input",
            "--project-dir",
            str(folder),
            "--anthropic-api-key-env",
            key,
        ],
        code=2,
    )
    assert "takes the name of a variable" in error
    assert not folder.exists()
    scripted(
        fresh,
        folder,
        "--new",
        "--anthropic-api-key-env",
        "ANTHROPIC_API_KEY",
        "--anthropic-model",
        "m",
        *["--embedding-backend", "none"],
    )
    assert (folder / "ktx.yaml").read_text() == (
        "project: project\nsetup:\n  completed_steps: [project, llm, embeddings]\n"
        "llm:\n  provider:\n    backend: anthropic\n    anthropic:\n"
        "      api_key: env:ANTHROPIC_API_KEY\n  models:\n    default: m\n"
        "embeddings:\n  backend: none\n"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--source", "dbt"], 1, "--source is not supported in this version"),
        (["--enable-historic-sql"], 1, "--enable-historic-sql is not supported"),
        (["--notion-root-page-id", "x"], 1, "--notion-root-page-id is not supported"),
        (["--metabase-database-id", "1"], 1, "--metabase-database-id is not supported"),
        (["--no-such-option"], 2, "--no-such-option"),
        (["--new", "--existing"], 2, "--new and --existing"),
        (["--database", "oracle"], 2, "oracle"),
        (
            ["--database", "postgres", "--database-url", "postgres://u:p4ss@h/d"],
            2,
            "has a password",
        ),
        (["--database-url", "x"], 2, "--database-url needs --database"),
        (["--existing"], 1, "No ktx.yaml in"),
        ([], 1, "No ktx.yaml in"),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_nothing(
    fresh: Ktx, tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    """One error, and no folder."""
    folder = tmp_path / "project"
    error = fresh.fails("setup", "--no-input", "--project-dir", str(folder), *arguments, code=code)
    assert words in error
    assert "p4ss" not in error
    assert not folder.exists()


def test_an_existing_project_keeps_every_byte(ready: Ktx, shop: Path) -> None:
    """Comments, order and quotes stay; a source that somebody wrote is not replaced."""
    text = (
        "# our warehouse\nproject: 'acme'   # do not rename\nconnections:\n"
        '  main: {driver: sqlite, path: "shop.db", readonly: true}\n'
        "scan:\n  enrichment: {mode: none}\n"
    )
    (shop / "ktx.yaml").write_text(text)
    sources = shop / "semantic-layer" / "main"
    sources.mkdir(parents=True)
    written = "name: orders\ntable: orders\ngrain: [id]\ncolumns: [{name: id, type: number}]\n"
    (sources / "mine.yaml").write_text(written)
    scripted(ready, shop, "--existing", "--database-connection-id", "main")
    assert (shop / "ktx.yaml").read_text().startswith(text)
    assert (sources / "mine.yaml").read_text() == written
    assert list(sources.iterdir()) == [sources / "mine.yaml"]


@pytest.mark.parametrize(("options", "reason"), [("ro", "Read-only"), ("nr_inodes=2", "No space")])
def test_a_disk_that_takes_nothing(fresh: Ktx, tmp_path: Path, options: str, reason: str) -> None:
    """An error that says which path and why; `ktx.yaml` is the last to be made."""
    place = tmp_path / "disk"
    place.mkdir()
    script = f'mount -t tmpfs -o {options} tmpfs "$1" && '
    script += '"$2" setup --new --no-input --project-dir "$1/p"; '
    script += 'code=$?; test -e "$1/p/ktx.yaml" && echo left; exit $code'
    result = subprocess.run(
        [
            "unshare",
            "--mount",
            "/bin/sh",
            "-c",
            script,
            "sh",
            str(place),
            str(fresh.binary),
        ],
        env=fresh.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1, result.stderr
    assert reason in result.stderr
    assert str(place) in result.stderr
    assert "left" not in result.stdout


def test_agents_follow_a_link_to_where_nothing_is_yet(fresh: Ktx, shop: Path) -> None:
    """A dangling link stays a link, as with `>` in a shell: the file that it names is made."""
    scripted(fresh, shop, "--new")
    (shop / "AGENTS.md").symlink_to("docs/for agents.md")
    scripted(fresh, shop, "--agents", "--target", "codex")
    assert (shop / "AGENTS.md").readlink() == Path("docs/for agents.md")
    assert "<!-- ktx:agent -->" in (shop / "docs" / "for agents.md").read_text()


def test_agents_have_the_line_breaks_of_the_file(fresh: Ktx, shop: Path) -> None:
    """In a file with CRLF no line ends in LF alone, and a second run changes nothing."""
    scripted(fresh, shop, "--new")
    ours = shop / "AGENTS.md"
    ours.write_bytes(b"# House rules\r\n\r\nBe kind.\r\n")
    scripted(fresh, shop, "--agents", "--target", "codex")
    written = ours.read_bytes()
    assert written.count(b"\n") == written.count(b"\r\n") > 20
    scripted(fresh, shop, "--agents", "--target", "codex")
    assert ours.read_bytes() == written


def test_a_new_project_follows_a_link_too(fresh: Ktx, shop: Path) -> None:
    """ktx.yaml may be a link to where nothing is yet."""
    (shop / "ktx.yaml").symlink_to("kept/ktx.yaml")
    scripted(fresh, shop, "--new")
    assert (shop / "ktx.yaml").is_symlink()
    assert (shop / "kept" / "ktx.yaml").read_text().startswith("project: ")


def test_agents_keep_what_others_wrote(fresh: Ktx, shop: Path) -> None:
    """Ours stands between its marks, is written anew there, and nothing else is touched."""
    scripted(fresh, shop, "--new")
    ours = shop / "AGENTS.md"
    ours.write_text("# House rules\n\nBe kind.\n")
    scripted(fresh, shop, "--agents", "--target", "codex", "--target", "universal")
    text = ours.read_text()
    assert text.startswith("# House rules\n\nBe kind.\n\n<!-- ktx:agent -->\n")
    assert text.count("<!-- ktx:agent -->") == 1
    ours.write_text(text.replace("use ktx", "use something older") + "\n## After\n")
    scripted(fresh, shop, "--agents", "--target", "codex")
    assert ours.read_text() == text + "\n## After\n"
    before = ours.stat().st_mtime_ns
    scripted(fresh, shop, "--agents", "--target", "codex")
    assert ours.stat().st_mtime_ns == before
    scripted(fresh, shop, "--agents", "--target", "opencode", "--global")
    skill = fresh.home / ".config/opencode/skills/ktx/SKILL.md"
    assert skill.read_text().startswith("---\nname: ktx\n")
    assert "reads no file" in fresh.fails(
        *["setup", "--project-dir", str(shop), "--no-input", "--agents"],
        *["--target", "cursor", "--global"],
    )
