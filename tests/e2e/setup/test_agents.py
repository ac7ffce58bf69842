"""`ktx setup agents`: the files of real agents, written, changed, and as they were again."""

from __future__ import annotations

import json
import shlex
import stat
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from harness import BUILD, Ktx, make_warehouse
from person import CTRL_C, DOWN, ENTER, ESCAPE, Person

# Where each agent reads MCP servers, and the keys that lead to ktx's.
PROJECT_FILES = {
    "claude-code": (".mcp.json", ["mcpServers"]),
    "codex": (".codex/config.toml", ["mcp_servers"]),
    "cursor": (".cursor/mcp.json", ["mcpServers"]),
    "vscode": (".vscode/mcp.json", ["servers"]),
    "opencode": ("opencode.json", ["mcp"]),
    "gemini": (".gemini/settings.json", ["mcpServers"]),
    "universal": (".mcp.json", ["mcpServers"]),
}
USER_FILES = {
    "claude-code": (".claude.json", ["mcpServers"]),
    "claude-desktop": (".config/Claude/claude_desktop_config.json", ["mcpServers"]),
    "codex": (".codex/config.toml", ["mcp_servers"]),
    "cursor": (".cursor/mcp.json", ["mcpServers"]),
    "vscode": (".config/Code/User/mcp.json", ["servers"]),
    "opencode": (".config/opencode/opencode.json", ["mcp"]),
    "gemini": (".gemini/settings.json", ["mcpServers"]),
}


@pytest.fixture
def ann(fresh: Ktx) -> Ktx:
    """A user who has ktx on the PATH."""
    fresh.extra["PATH"] = f"{BUILD / 'bin'}:/usr/local/bin:/usr/bin:/bin"
    return fresh


def agents(project: Path, *more: str) -> list[str]:
    """The words of the command."""
    return ["setup", "agents", "--project-dir", str(project), *more]


def entry(file: Path, keys: list[str]) -> Any:
    """The entry of ktx in a file without comments."""
    text = file.read_text()
    value = tomllib.loads(text) if file.suffix == ".toml" else json.loads(text)
    for key in [*keys, "ktx"]:
        value = value[key]
    return value


def command_of(value: Any) -> list[str]:
    """The words that the agent starts."""
    if isinstance(value["command"], list):
        return list(value["command"])
    return [value["command"], *value["args"]]


@pytest.mark.parametrize("agent", PROJECT_FILES)
def test_each_agent_starts_ktx_in_the_project(ann: Ktx, warehouse: Path, agent: str) -> None:
    """The entry is where the agent looks, it answers, and it is gone when taken out."""
    ann.ok(*agents(warehouse, "--target", agent, "--yes"))
    name, keys = PROJECT_FILES[agent]
    command = command_of(entry(warehouse / name, keys))
    assert command[:3] == ["ktx", "mcp", "stdio"]
    assert str(warehouse) not in (warehouse / name).read_text()
    status = ann.json("status", "--project-dir", str(warehouse), "--agents", "--json")
    found = {item["target"]: item for item in status["agents"]}[agent]
    assert found["mcp"]["starts"], found
    assert found["mcp"]["server"].startswith("ktx ")
    assert "Nothing to do" in ann.run(*agents(warehouse, "--target", agent, "--yes")).stderr
    ann.ok(*agents(warehouse, "--remove", "--yes"))
    assert not (warehouse / name).exists()
    assert ann.json("status", "--project-dir", str(warehouse), "--json")["agents"] == []


@pytest.mark.parametrize("agent", USER_FILES)
def test_each_agent_starts_ktx_for_a_user(ann: Ktx, warehouse: Path, agent: str) -> None:
    """The entry names the project, for it is started anywhere."""
    ann.ok(*agents(warehouse, "--target", agent, "--scope", "user", "--yes"))
    name, keys = USER_FILES[agent]
    command = command_of(entry(ann.home / name, keys))
    assert command[1:] == ["mcp", "stdio", "--project-dir", str(warehouse)]
    assert Path(command[0]).is_absolute() == (agent == "claude-desktop")
    status = ann.json("status", "--project-dir", str(warehouse), "--agents", "--json")
    assert [item["mcp"]["starts"] for item in status["agents"]] == [True]
    assert [item["scope"] for item in status["agents"]] == ["global"]
    ann.ok(*agents(warehouse, "--target", agent, "--global", "--remove", "--yes"))
    assert not (ann.home / name).exists()


def test_nothing_is_written_by_a_dry_run(fresh: Ktx, warehouse: Path) -> None:
    """stdout is the difference, without the secrets of others."""
    before = (
        '{\n  "mcpServers": {\n    "db": {"command": "db", "env": {"PASSWORD": "s3cret"}}\n  }\n}\n'
    )
    (warehouse / ".mcp.json").write_text(before)
    for option in ("--dry-run", "--print"):
        shown = fresh.ok(*agents(warehouse, "--target", "claude-code", option))
        assert "s3cret" not in shown
        assert shown.endswith(
            f"Claude Code: {warehouse / '.mcp.json'}\n"
            "@@ -1,5 +1,9 @@\n"
            " {\n"
            '   "mcpServers": {\n'
            '-    "db": {"command": "…", "env": {"PASSWORD": "…"}}\n'
            '+    "db": {"command": "…", "env": {"PASSWORD": "…"}},\n'
            '+    "ktx": {\n'
            '+      "command": "ktx",\n'
            '+      "args": ["mcp", "stdio"]\n'
            "+    }\n"
            "   }\n"
            " }\n"
        )
    assert (warehouse / ".mcp.json").read_text() == before
    assert not (warehouse / ".claude").exists()
    written = fresh.run(*agents(warehouse, "--target", "claude-code", "--yes"))
    assert "s3cret" not in written.stdout + written.stderr


def test_all_else_in_a_file_stays_byte_for_byte(fresh: Ktx, warehouse: Path) -> None:
    """Comments, CRLF, a byte order mark, a missing last line break, the mode, and a link."""
    texts = {
        ".vscode/mcp.json": b'\xef\xbb\xbf{\r\n\t// ours\r\n\t"inputs": [],\r\n\t"servers": {\r\n'
        b'\t\t"x": { "command": "x" }, /* last */ // really\r\n\t},\r\n}',
        ".codex/config.toml": b"model = 'o3' # the one\r\n\r\n[mcp_servers.x]\r\ncommand = \"x\"",
        ".gemini/settings.json": b'{"theme":"Dracula","mcpServers":{}}',
    }
    for name, text in texts.items():
        (warehouse / name).parent.mkdir()
        (warehouse / name).write_bytes(text)
    real = warehouse / "real.toml"
    (warehouse / ".codex/config.toml").rename(real)
    (warehouse / ".codex/config.toml").symlink_to("../real.toml")
    real.chmod(0o600)
    words = ["--target", "vscode", "--target", "codex", "--target", "gemini", "--yes"]
    fresh.ok(*agents(warehouse, *words))
    assert (warehouse / ".codex/config.toml").is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    assert tomllib.loads(real.read_text())["mcp_servers"]["ktx"]["command"] == "ktx"
    added = {name: (warehouse / name).read_bytes() for name in texts}
    assert all(added[name] != text for name, text in texts.items())
    assert added[".vscode/mcp.json"].count(b"\r\n") == added[".vscode/mcp.json"].count(b"\n")
    fresh.ok(*agents(warehouse, *words, "--remove"))
    assert {name: (warehouse / name).read_bytes() for name in texts} == texts


def test_what_the_user_has_changed_in_the_entry_stays(fresh: Ktx, warehouse: Path) -> None:
    """A server that is switched off stays so; a slip in its command is mended."""
    file = warehouse / "opencode.json"
    text = (
        '{"mcp": {"ktx": {"type": "local", "command": ["ktx", "mcp"], '
        '"enabled": false, "timeout": 9}}}'
    )
    file.write_text(text)
    fresh.ok(*agents(warehouse, "--target", "opencode", "--yes"))
    assert file.read_text() == text.replace('"mcp"]', '"mcp", "stdio"]')


def test_the_older_words_write_entries_too(fresh: Ktx, warehouse: Path) -> None:
    """`ktx setup --agents --agent-install-mode`: cli is the default, as it was."""
    words = ["setup", "--project-dir", str(warehouse), "--no-input"]
    words += ["--agents", "--target", "cursor"]
    fresh.ok(*words)
    assert not (warehouse / ".cursor/mcp.json").exists()
    (warehouse / ".cursor/rules/ktx.mdc").unlink()
    fresh.ok(*words, "--agent-install-mode", "mcp")
    assert command_of(entry(warehouse / ".cursor/mcp.json", ["mcpServers"]))[0] == "ktx"
    assert not (warehouse / ".cursor/rules/ktx.mdc").exists()
    fresh.ok(*words, "--agent-install-mode", "both")
    assert (warehouse / ".cursor/rules/ktx.mdc").exists()


def test_opencode_2_has_its_servers_elsewhere(fresh: Ktx, warehouse: Path) -> None:
    """The shape that a file has is kept."""
    file = warehouse / "opencode.jsonc"
    file.write_text('{\n  "mcp": {\n    "servers": {}, // none\n  },\n}\n')
    fresh.ok(*agents(warehouse, "--target", "opencode", "--yes"))
    assert file.read_text() == (
        '{\n  "mcp": {\n    "servers": {"ktx": {"type": "local", '
        '"command": ["ktx", "mcp", "stdio"]}}, // none\n  },\n}\n'
    )


@pytest.mark.parametrize(
    ("agent", "name", "text", "place", "snippet"),
    [
        ("cursor", ".cursor/mcp.json", '{\n  "mcpServers": {,}\n}\n', ":2:18: ", '"ktx": {'),
        ("cursor", ".cursor/mcp.json", '{"mcpServers": []}', ":1:16: ", '"command": "ktx"'),
        ("codex", ".codex/config.toml", "model = \n", ":1:9: ", "[mcp_servers.ktx]"),
        ("codex", ".codex/config.toml", "a = 1\nmcp_servers = {}\n", ":2:1: ", "[mcp_servers.ktx]"),
    ],
)
def test_a_file_that_is_not_understood_is_left_alone(
    fresh: Ktx, warehouse: Path, agent: str, name: str, text: str, place: str, snippet: str
) -> None:
    """One error, where it is, and what to write by hand; no other file is written."""
    file = warehouse / name
    file.parent.mkdir()
    file.write_text(text)
    words = ["--target", "vscode", "--target", agent, "--yes"]
    said = fresh.fails(*agents(warehouse, *words))
    assert f"{file}{place}" in said
    assert snippet in said
    assert "by hand" in said
    assert file.read_text() == text
    assert not (warehouse / ".vscode").exists()


def test_a_file_that_may_not_be_written_is_left_alone(fresh: Ktx, warehouse: Path) -> None:
    """Even where its folder may be written, and by root."""
    file = warehouse / ".mcp.json"
    file.write_text("{}")
    file.chmod(0o444)
    said = fresh.run(
        *agents(warehouse, "--target", "claude-code", "--agent-install-mode", "mcp", "--yes")
    )
    assert said.returncode == 1
    assert f"Cannot write {file}: it is write-protected" in said.stderr
    assert file.read_text() == "{}"


def test_many_at_once_lose_nothing(fresh: Ktx, tmp_path: Path) -> None:
    """Each edits what the one before has written: the last one's entry, and the rest."""
    file = fresh.home / ".codex" / "config.toml"
    file.parent.mkdir()
    before = "# mine\nmodel = 'o3'\n"
    file.write_text(before)
    projects = [make_warehouse(tmp_path / f"project {n}") for n in range(8)]
    words = ["--target", "codex", "--scope", "user", "--yes"]
    running = [fresh.start(*agents(project, *words)) for project in projects]
    for process in running:
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said
    text = file.read_text()
    assert text.startswith(before)
    assert text.count("[mcp_servers.ktx]") == 1
    assert entry(file, ["mcp_servers"])["args"][-1] in map(str, projects)
    fresh.ok(*agents(projects[0], "--target", "codex", "--scope", "user", "--remove", "--yes"))
    assert file.read_text() == before
    assert [path.name for path in file.parent.iterdir()] == ["config.toml"]


def test_a_person_is_asked_and_shown_what_changes(ann: Ktx, warehouse: Path) -> None:
    """Agents that leave traces are chosen already; nothing is written before the answer."""
    (warehouse / ".cursor").mkdir()
    (ann.home / ".claude.json").write_text("{}")
    with Person(ann, *agents(warehouse), folder=warehouse) as person:
        screen = person.sees("? Which agents shall start ktx here?")
        assert "[x] Cursor" in screen
        assert "[x] Claude Code" in screen
        assert "[ ] Codex" in screen
        person.types(ENTER)
        person.answers("For whom?", ESCAPE)
        person.answers("Which agents", ENTER)
        person.answers("For whom?", ENTER)
        screen = person.sees("? Write this?")
        assert '+      "command": "ktx",' in screen
        assert not (warehouse / ".cursor" / "mcp.json").exists()
        person.types(ENTER)
        assert person.ends() == 0, person.text()
    assert entry(warehouse / ".cursor/mcp.json", ["mcpServers"])["command"] == "ktx"
    assert entry(warehouse / ".mcp.json", ["mcpServers"])["command"] == "ktx"
    assert (ann.home / ".claude.json").read_text() == "{}"
    assert (warehouse / ".claude/skills/ktx/SKILL.md").exists()


@pytest.mark.parametrize(
    "keys", [[CTRL_C], [ENTER, CTRL_C], [ENTER, ENTER, CTRL_C], [ENTER, DOWN + ENTER, "n"]]
)
def test_a_person_may_stop_at_each_question(ann: Ktx, warehouse: Path, keys: list[str]) -> None:
    """Then nothing was written."""
    (warehouse / ".cursor").mkdir()
    (ann.home / ".cursor").mkdir()
    questions = ["Which agents", "For whom?", "Write this?"]
    with Person(ann, *agents(warehouse), folder=warehouse) as person:
        for question, key in zip(questions, keys, strict=False):
            person.answers(question, key)
        assert person.ends() == (0 if keys[-1] == "n" else 130), person.text()
    assert list((warehouse / ".cursor").iterdir()) == []
    assert list((ann.home / ".cursor").iterdir()) == []


def test_an_entry_that_does_not_start_is_said(fresh: Ktx, warehouse: Path) -> None:
    """What is wrong, and what to do; the other agents are asked all the same."""
    fresh.ok(*agents(warehouse, "--target", "claude-code", "--target", "claude-desktop", "--yes"))
    assert "Agent integration ready: yes" in fresh.ok("status", "--project-dir", str(warehouse))
    result = fresh.run("status", "--project-dir", str(warehouse), "--agents")
    assert result.returncode == 1
    assert (
        "    does not start: there is no program ktx where the agent looks for it\n    Fix: Install"
        in result.stdout
    )
    assert "  claude-desktop global: MCP entry in " in result.stdout
    assert result.stdout.count("    starts: ktx ") == 1
    for command, why in {
        "exit 3": "exit code 3",
        "echo no >&2; exit 1": "exit code 1: no",
        "echo '{}'": "it ends without an answer",
        'echo \'{"result": {"serverInfo": {"name": "x"}}}\'': "another server answers: x",
    }.items():
        server = {"command": "sh", "args": ["-c", f": ktx; {command}"]}
        (warehouse / ".mcp.json").write_text(json.dumps({"mcpServers": {"ktx": server}}))
        said = fresh.run("status", "--project-dir", str(warehouse), "--agents").stdout
        assert f"does not start: {why}\n" in said, said
    (warehouse / ".mcp.json").write_text('{"mcpServers": {"ktx": }')
    said = fresh.run("status", "--project-dir", str(warehouse), "--agents").stdout
    assert f"{warehouse / '.mcp.json'}:1:24: this is not JSON" in said


def test_an_entry_for_another_project_is_none_of_this(ann: Ktx, tmp_path: Path) -> None:
    """It is shown, and does not make this project ready."""
    here, there = (make_warehouse(tmp_path / name) for name in ("here", "there"))
    ann.ok(*agents(there, "--target", "cursor", "--scope", "user", "--yes"))
    said = ann.ok("status", "--project-dir", str(here), "-v")
    assert "Agent integration ready: no\n" in said
    assert "for another project" in said
    ann.ok(*agents(there, "--target", "claude-desktop", "--yes"))
    taken_out = ann.run(*agents(here, "--remove", "--yes"))
    assert "There is nothing of ktx to take out" in taken_out.stderr
    assert "Removed" in ann.ok(*agents(there, "--remove", "--yes"))
    assert not (ann.home / USER_FILES["claude-desktop"][0]).exists()
    assert (ann.home / ".cursor/mcp.json").exists()
    assert "Removed" in ann.ok(*agents(there, "--remove", "--scope", "user", "--yes"))
    assert not (ann.home / ".cursor").exists()


def test_agents_that_are_there_are_taken_without_asking(fresh: Ktx, warehouse: Path) -> None:
    """With --yes and no --target; where there is none, one must be named."""
    assert "needs --target" in fresh.fails(*agents(warehouse, "--yes"), code=2)
    (fresh.home / ".gemini").mkdir()
    fresh.ok(*agents(warehouse, "--yes"))
    assert entry(warehouse / ".gemini/settings.json", ["mcpServers"])["command"] == "ktx"
    assert not (warehouse / ".mcp.json").exists()


def test_words_that_do_not_fit_are_refused(fresh: Ktx, warehouse: Path) -> None:
    """Before anything is written."""
    said = fresh.fails(*agents(warehouse, "--target", "claude-desktop", "--scope", "project"))
    assert "Claude Desktop has no settings of a project" in said
    assert "Add --scope user" in said
    assert "needs --target" in fresh.fails(*agents(warehouse, "--no-input"), code=2)
    assert 'did you mean "cursor"' in fresh.fails(*agents(warehouse, "--target", "curser"), code=2)
    assert "ktx.yaml" in fresh.fails(*agents(warehouse.parent, "--target", "cursor"))


def test_instructions_are_not_committed_with_settings(ann: Ktx, warehouse: Path) -> None:
    """A settings file may hold secrets of other servers: to commit it is the user's."""
    git = ["git", "-C", str(warehouse), "-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
    subprocess.run([*git, "init", "-q"], check=True)
    ann.ok(*agents(warehouse, "--target", "claude-code", "--yes"))
    listed = subprocess.run([*git, "ls-files"], check=True, capture_output=True, text=True)
    assert ".claude/skills/ktx/SKILL.md" in listed.stdout.split("\n")
    assert ".mcp.json" not in listed.stdout


def test_a_package_managers_ktx_is_started_by_it(fresh: Ktx, warehouse: Path) -> None:
    """`npx ktx` in a project of Node.js: two words, of which the agent starts the first."""
    program = warehouse / "node_modules/@kaelio/ktx-linux/bin/ktx"
    program.parent.mkdir(parents=True)
    program.write_bytes((BUILD / "bin" / "ktx").read_bytes())
    program.chmod(0o755)
    launcher = warehouse / "node_modules/.bin/ktx"
    launcher.parent.mkdir()
    launcher.symlink_to(program)
    fresh.extra |= {"KTX_LAUNCHER": str(program), "npm_config_user_agent": "npm/11.0.0 node/v24"}
    fresh.binary = program
    fresh.ok(*agents(warehouse, "--target", "cursor", "--yes"))
    words = command_of(entry(warehouse / ".cursor/mcp.json", ["mcpServers"]))
    assert shlex.join(words) == "npx ktx mcp stdio --project-dir '${workspaceFolder}'"
    fresh.ok(*agents(warehouse, "--target", "claude-desktop", "--yes"))
    desktop = fresh.home / USER_FILES["claude-desktop"][0]
    assert command_of(entry(desktop, ["mcpServers"]))[0] == str(program)
