"""Every kind of error and every code of a finding is reached, and looks as its page says."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from error_recipes import KINDS, Failure
from finding_recipes import FINDINGS, OPERATION, VALIDATE, Recipe
from harness import Ktx
from markdown_it.token import Token
from pages import ROOT, tokens_of
from sandbox import Sandbox
from shown import is_shown

from conftest import MakeSandbox

DOCS = ROOT / "docs"
CODE_CELL = re.compile(r"^\| ((?:`[\w-]+`(?:, )?)+) \|", re.MULTILINE)
# Where the codes of findings come from in the sources.
NATIVE = ("host/project", "host/app", "cli")
IN_CPP = re.compile(
    r"(?:\.mark|->mark|files\[index\]|unknown_keys|warnings\.push_back\(\{|\{\{|finding\{)"
    r'[^"]{0,40}?"([a-z]+(?:-[a-z]+)+)"'
)
IN_CPP_CHOICES = re.compile(r'\? "([a-z]+(?:-[a-z]+)+)" : "([a-z]+(?:-[a-z]+)+)"')
# What the planner's checks find when they are run is named as the planner names things.
IN_CPP_RUN = re.compile(r'warnings\.push_back\(\s*\{"([a-z]+(?:_[a-z]+)+)"')
IN_CPP_JOINED = '"duplicate-" + std::string(what)'
AGENTS = {"claude-code"}  # tables of other things look alike
NAMED = ("measure", "column", "segment")
IN_PYTHON = re.compile(
    r'(?:code=|\b(?:note|guard|add|finding_of|_finding|warn)\(\s*)f?"([a-z_{}]+)"',
    re.MULTILINE,
)
PYTHON = "python/src/semantic_layer/"


def codes_of(page: str, start: str = "", end: str = "\0") -> list[str]:
    """The codes in the first column of the tables between two headings."""
    text = (DOCS / page).read_text(encoding="utf-8")
    text = text[text.index(start) :].partition(end)[0]
    return [code for cell in CODE_CELL.findall(text) for code in re.findall(r"`([\w-]+)`", cell)]


def documented_kinds() -> list[str]:
    """The kinds of docs/errors.md."""
    return codes_of("errors.md", "## Kinds", "## Places")


def documented_codes() -> set[str]:
    """The codes of docs/diagnostics.md, those in its sentences too."""
    text = (DOCS / "diagnostics.md").read_text(encoding="utf-8")
    sentences = re.findall(r"`([a-z]+(?:_[a-z]+)+)` \((?:error|warning)\)", text)
    sentences += re.findall(r"`([a-z]+(?:_[a-z]+)+)`\n\((?:error|warning)\)", text)
    return set(codes_of("diagnostics.md")) | set(sentences)


def shown_in_troubleshooting() -> dict[str, list[str]]:
    """What the page shows under each heading that is a code."""
    found: dict[str, list[str]] = {}
    headings: list[str] = []
    tokens = tokens_of(DOCS / "troubleshooting.md")
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h3":
            headings = _codes(tokens[index + 1])
        elif token.type == "fence" and headings:
            found[headings.pop(0)] = token.content.splitlines()
        elif token.type == "heading_open":
            headings = []
    return found


def _codes(token: Token) -> list[str]:
    return [child.content for child in token.children or [] if child.type == "code_inline"]


SHOWN = shown_in_troubleshooting()


def test_the_documented_kinds_are_those_of_the_program() -> None:
    """Both ways, and each once."""
    source = (ROOT / "host" / "util" / "error.cpp").read_text()
    kinds = re.findall(r'case ErrorKind::\w+: return "([a-z-]+)";', source)
    assert documented_kinds() == kinds
    assert set(KINDS) == set(kinds)
    assert set(kinds) <= set(SHOWN)


def test_the_documented_codes_are_those_of_the_sources() -> None:
    """Both ways: a new finding is documented, reached and explained."""
    native = set()
    for path in [file for folder in NATIVE for file in (ROOT / folder).rglob("*.cpp")]:
        text = re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))
        native |= set(IN_CPP.findall(text)) - AGENTS
        native |= set(IN_CPP_RUN.findall(text))
        native |= {code for pair in IN_CPP_CHOICES.findall(text) for code in pair}
        if IN_CPP_JOINED in text:
            native |= {f"duplicate-{thing}" for thing in NAMED}
    planner = set()
    for path in (ROOT / PYTHON).rglob("*.py"):
        for code in IN_PYTHON.findall(path.read_text(encoding="utf-8")):
            planner |= _each_kind(code)
    assert documented_codes() == native | planner
    assert documented_codes() == set(FINDINGS) | set(OPERATION)
    assert documented_codes() <= set(SHOWN)


def _each_kind(code: str) -> set[str]:
    """`{kind}_duplicate` is one code for each kind of thing that has a name."""
    return {code.replace("{kind}", thing) for thing in NAMED} if "{" in code else {code}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_reached(
    kind: str, user: Ktx, tmp_path: Path, make_sandbox: MakeSandbox
) -> None:
    """By the program, with its exit code and the words of the page; stdout stays empty."""
    failure = Failure(user, tmp_path, make_sandbox)
    code, out, err = KINDS[kind](failure)
    lines = [line for line in err.splitlines() if not line.startswith("[debug]")]
    assert f"[debug] error={kind}\n" in err, err
    assert code == {"usage": 2, "interrupted": 130}.get(kind, 1), err
    assert out == ""
    assert is_shown(SHOWN[kind], "\n".join(lines)), "\n".join(lines)


def spoil(sandbox: Sandbox, recipe: Recipe) -> None:
    """Makes the demo's project what the recipe says."""
    for name, text in recipe.write.items():
        (sandbox.here / name).parent.mkdir(exist_ok=True)
        (sandbox.here / name).write_text(text)
    for name, (old, new) in recipe.change.items():
        text = (sandbox.here / name).read_text()
        assert old in text, (name, old)
        (sandbox.here / name).write_text(text.replace(old, new, 1))
    if recipe.prepare:
        assert sandbox.run(recipe.prepare).code == 0


def finding(text: str, code: str) -> list[str]:
    """The lines of the first finding with that code: its own and the indented ones below."""
    lines = text.splitlines()
    start = next(index for index, line in enumerate(lines) if line.endswith(f"[{code}]"))
    end = start + 1
    while end < len(lines) and lines[end].startswith("  "):
        end += 1
    return lines[start:end]


@pytest.mark.parametrize("code", FINDINGS)
def test_each_finding_is_reached(code: str, make_sandbox: MakeSandbox) -> None:
    """By the command that a person would type, in the words of the page."""
    recipe = FINDINGS[code]
    sandbox = make_sandbox("shop")
    spoil(sandbox, recipe)
    result = sandbox.run(recipe.command)
    assert f"[{code}]" in result.text or not recipe.coded, result.text
    found = finding(result.text, code) if recipe.coded else result.text.splitlines()
    severity = next((one for one in ("warning", "hint") if f"{one}: " in found[0]), "error")
    if recipe.command.startswith(VALIDATE):
        assert result.code == (1 if severity == "error" else 0), result.text
    row = next(
        line for line in (DOCS / "diagnostics.md").read_text().splitlines() if f"`{code}`" in line
    )
    assert severity in row, (code, severity)
    assert is_shown(SHOWN[code], "\n".join(found)), "\n".join(found)


@pytest.mark.parametrize("code", OPERATION)
def test_each_finding_of_the_operation_is_reached(code: str, user: Ktx) -> None:
    """By `ktx-daemon` of the installed runtime, which every client may ask."""
    status = user.json("runtime", "status", "--json")
    program = Path(status["layout"]["versionDir"]) / ".venv" / "bin" / "ktx-daemon"
    result = subprocess.run(
        [program, "semantic-validate"],
        input=json.dumps({"dialect": "sqlite"} | OPERATION[code]),
        env=user.environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    answer = json.loads(result.stdout)
    messages = [item["message"] for item in answer["findings"] if item["code"] == code]
    assert messages, result.stdout
    assert is_shown(SHOWN[code], messages[0]), messages
