"""What earlier commands kept: used without Python, never wrong, never in the way."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from daemon import Watched, state_file
from harness import LIMIT_SECONDS, Ktx, query
from json_schema import SCHEMAS, conforms, read_schema
from tracing import trace

ROOT_USER = 0


@pytest.fixture
def keeping(serving: Ktx, tmp_path: Path) -> Iterator[Ktx]:
    """A user with a ready runtime and an empty cache that is in use."""
    usual = serving.extra
    serving.extra = usual | {"KTX_NO_CACHE": "", "KTX_CACHE_DIR": str(tmp_path / "cache")}
    yield serving
    serving.extra = usual


def parts(user: Ktx) -> dict[str, int]:
    """How many entries there are of each kind."""
    status = user.json("cache", "status", "--json")
    assert conforms(status, read_schema(SCHEMAS / "cache-status.schema.json"))
    return {part["name"]: part["entries"] for part in status["parts"]}


def outcome(user: Ktx, *words: str) -> tuple[int, str, str]:
    """All that a command says."""
    result = user.run(*words)
    return result.returncode, result.stdout, result.stderr


def test_the_same_question_again_needs_no_python(
    keeping: Ktx, warehouse: Path, tmp_path: Path
) -> None:
    """Nor another process; but a runtime must be there, or the first query would not install it."""
    words = query(warehouse, "--format", "json")
    first = trace(keeping, tmp_path / "first", *words)
    assert any("libpython" in path for path in first.opened)
    second = trace(keeping, tmp_path / "second", *words)
    assert second.out == first.out
    assert (second.started, second.processes) == ([], 0)
    assert not [path for path in second.opened if "python" in path.replace("assets/python", "")]
    keeping.extra["KTX_RUNTIME_ROOT"] = str(tmp_path / "nowhere")
    assert "is not installed" in keeping.fails(*words, "--no-input")
    del keeping.extra["KTX_RUNTIME_ROOT"]
    assert keeping.ok(*words) == first.out


def test_status_and_clear(keeping: Ktx, warehouse: Path, tmp_path: Path) -> None:
    """In words and as JSON; what is no entry stays."""
    directory = tmp_path / "cache"
    assert keeping.ok("cache", "clear") == f"Nothing is kept in {directory}\n"
    keeping.ok(*query(warehouse))
    text = keeping.ok("cache", "status")
    assert text.startswith(f"cache: {directory}\nstatus: in use\nanswers of the planner: 1, ")
    assert keeping.ok("cache", "status", "--no-cache").splitlines()[1].endswith("switched off here")
    assert parts(keeping)["answers"] == 1
    (directory / "answers" / "mine.txt").write_text("mine")
    cleared = keeping.json("cache", "clear", "--json")
    assert conforms(cleared, read_schema(SCHEMAS / "cache-clear.schema.json"))
    assert cleared["entries"] >= 1
    assert set(parts(keeping).values()) == {0}
    assert (directory / "answers" / "mine.txt").exists()


def test_a_place_that_is_no_place(keeping: Ktx, warehouse: Path) -> None:
    """Is one clear error."""
    keeping.extra["KTX_CACHE_DIR"] = "relative"
    fault = "KTX_CACHE_DIR is not an absolute path: relative\n"
    fix = "Fix: Set it to an absolute path, or unset it\n"
    assert keeping.fails(*query(warehouse), code=2) == fault + fix
    assert keeping.fails("cache", "status", code=2) == fault + fix


def test_a_folder_open_to_others_is_not_used(keeping: Ktx, warehouse: Path, tmp_path: Path) -> None:
    """Somebody else's SQL would run there."""
    directory = tmp_path / "cache"
    directory.mkdir()
    directory.chmod(0o777)
    expected = keeping.ok(*query(warehouse, "--no-cache"))
    assert keeping.ok(*query(warehouse)) == expected
    assert list(directory.iterdir()) == []
    status = keeping.ok("cache", "status")
    assert "status: not used: the folder can be written to by others\n" in status
    assert "can be written to by others" in keeping.fails("cache", "clear")


FULL = 'mount -t tmpfs -o size=4k,mode=700 tmpfs "$1"; head -c 9999 /dev/zero >"$1/x" 2>/dev/null'
READ_ONLY = 'mount -t tmpfs -o ro,mode=700 tmpfs "$1"'


@pytest.mark.parametrize("mount", [FULL, READ_ONLY])
def test_where_nothing_can_be_kept(
    keeping: Ktx, warehouse: Path, tmp_path: Path, mount: str
) -> None:
    """The answers are the same, and nothing is said."""
    directory = tmp_path / "cache"
    directory.mkdir()
    words = query(warehouse)
    expected = keeping.ok(*words, "--no-cache")
    namespace = ["unshare", "--mount"]
    if os.geteuid() != ROOT_USER:
        namespace.append("--map-root-user")
    script = f'{mount}; shift; "$@" && exec "$@"'
    result = subprocess.run(
        [*namespace, "sh", "-c", script, "sh", str(directory), str(keeping.binary), *words],
        env=keeping.environment(),
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, expected * 2, "")


COLUMNS = ["status", "amount", "id"]
MEASURES = ["count(*)", "sum(amount)", "max(amount)", "sum((", "count(distinct status)"]


class Editor:
    """Somebody who edits a model and asks about it, by the dice."""

    def __init__(self, project: Path, seed: int) -> None:
        self.project = project
        self.folder = project / "semantic-layer" / "warehouse"
        self.dice = random.Random(seed)

    def edit(self) -> None:
        """Some change of the files; most leave a sound model, some do not."""
        name = self.dice.choice(["orders", "orders", "buyers"])
        path = self.folder / f"{name}.yaml"
        kind = self.dice.randrange(6)
        if kind == 0 and name != "orders":
            path.unlink(missing_ok=True)
        elif kind == 1 and path.exists():
            os.utime(path, (0, self.dice.randrange(2_000_000_000)))
        elif kind == 2:
            (self.folder / "lost.yaml").write_text("name: lost\nmeasures: []\n")
        elif kind == 3:
            (self.folder / "lost.yaml").unlink(missing_ok=True)
        else:
            self.write(path, name)

    def write(self, path: Path, name: str) -> None:
        """A source, by the dice; sizes often stay the same."""
        columns = self.dice.sample(COLUMNS, self.dice.randint(2, 3))
        path.write_text(
            f"name: {name}\ntable: orders\ngrain: [{columns[0]}]\ncolumns:\n"
            + "".join(f"  - {{name: {column}, type: string}}\n" for column in columns)
            + f"measures:\n  - {{name: value, expr: '{self.dice.choice(MEASURES)}'}}\n"
        )

    def command(self) -> list[str]:
        """Something to ask."""
        project = ["--project-dir", str(self.project)]
        if self.dice.random() < 0.2:
            return ["sl", "validate", "--json", *project]
        words = ["sl", "query", "--execute", "--measure", "orders.value", *project]
        if self.dice.random() < 0.5:
            words += ["--dimension", f"orders.{self.dice.choice(COLUMNS)}"]
        if self.dice.random() < 0.3:
            words += ["--limit", str(self.dice.randint(1, 2))]
        return words


@pytest.mark.parametrize("seed", range(3))
def test_with_the_cache_is_as_without(keeping: Ktx, warehouse: Path, seed: int) -> None:
    """For random edits and random questions: the same rows, findings, errors and exit codes."""
    keeping.ok("runtime", "start")
    editor = Editor(warehouse, seed)
    answered = 0
    for _ in range(80):
        if editor.dice.random() < 0.4:
            editor.edit()
        words = editor.command()
        heard = outcome(keeping, *words)
        assert heard == outcome(keeping, *words, "--no-cache"), words
        answered += heard[0] == 0
    assert answered > 20, "most of the questions had no answer"
    assert parts(keeping)["answers"] > 5


def questions(project: Path) -> list[list[str]]:
    """Different questions about one model."""
    more = [[], ["--dimension", "orders.status"], ["--measure", "orders.revenue"]]
    limits = [["--limit", str(limit)] for limit in (1, 2, 3, 4)]
    return [query(project, "--format", "sql", *a, *b) for a in more for b in limits]


def kill_host(user: Ktx) -> bool:
    """Ends the daemon without a warning, in the middle of what it does; returns whether one ran."""
    user.run("runtime", "start")
    try:
        pid = json.loads(state_file(user).read_text())["pid"]
        with Watched(pid) as host:
            host.signal(signal.SIGKILL)
            return host.ends()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_two_hundred_at_once_while_the_host_is_killed(keeping: Ktx, warehouse: Path) -> None:
    """Every answer is the right one, whoever gave it."""
    asked = questions(warehouse)
    expected = [keeping.ok(*words, "--no-cache", "--no-daemon") for words in asked]
    ways = [[], ["--daemon"], ["--no-daemon"], ["--no-cache"], ["--daemon", "--no-cache"]]
    dice = random.Random(7)
    plan = [(dice.randrange(len(asked)), dice.choice(ways)) for _ in range(200)]

    def use(number: int) -> bool:
        question, way = plan[number]
        result = outcome(keeping, *asked[question], *way)
        assert result[:2] == (0, expected[question]), (asked[question], way, result)
        return number % 20 == 0 and kill_host(keeping)

    with ThreadPoolExecutor(24) as pool:
        kills = sum(pool.map(use, range(len(plan))))
    assert kills >= 5, "the host was hardly ever there to be killed"
    assert parts(keeping)["answers"] == len(asked)
