"""sqlglot without what nobody calls: who calls it all the same notices nothing."""

from __future__ import annotations

import importlib.util
import inspect
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlglot

from semantic_layer.syntax.lean_import import InspectStandIn, StandIn, standing_in

SOURCE_ROOT = Path(__file__).parents[2] / "src"
UNUSED = ("importlib.metadata", "inspect", "difflib", "dataclasses")
AGREES = """
import importlib.metadata, inspect, difflib
from importlib.metadata import version
assert importlib.metadata is sys.modules["importlib.metadata"], importlib.metadata
assert type(importlib.metadata) is type(inspect) is type(difflib) is type(sys)
assert inspect.signature and difflib.SequenceMatcher and version
assert builtins.__import__ is plain_import
import sqlglot
one, two = sqlglot.parse_one("SELECT a"), sqlglot.parse_one("SELECT a, b")
assert any(type(edit).__name__ == "Insert" for edit in sqlglot.diff(one, two))
from sqlglot.diff import Insert
import sqlglot.diff
assert any(type(edit) is Insert for edit in sqlglot.diff(one, two))
try:
    sqlglot.parse_one("SELECT 1", read="postgrez")
except ValueError as error:
    assert "Did you mean postgres?" in str(error), error
else:
    raise AssertionError("an unknown dialect was taken")
"""


def run(program: str, *paths: Path) -> str:
    """Run a program in a fresh interpreter that has loaded next to nothing."""
    packages = Path(sqlglot.__file__).parents[1]
    start = (
        f"import sys, builtins; sys.path += {[str(SOURCE_ROOT), str(packages), *map(str, paths)]}"
    )
    whole = f"{start}\nplain_import = builtins.__import__\n{program}"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", whole], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_nobody_calls_is_not_imported() -> None:
    loaded = run("import semantic_layer.syntax.lean_sqlglot; print(*sys.modules)").split()
    assert set(UNUSED) & set(loaded) == set()
    assert "sqlglot.dialects.dialect" in loaded


def test_who_calls_it_gets_the_real_modules() -> None:
    run(f"import semantic_layer.syntax.lean_sqlglot\n{AGREES}")


def test_what_is_loaded_already_is_used() -> None:
    run(
        "import importlib.metadata, inspect, difflib\n"
        "import semantic_layer.syntax.lean_sqlglot, sqlglot.helper, sqlglot.dialects.dialect as d\n"
        "assert sqlglot.helper.inspect is inspect\n"
        "assert sqlglot.helper.get_close_matches is difflib.get_close_matches\n"
        "assert d.entry_points is importlib.metadata.entry_points\n" + AGREES
    )


def test_sqlglot_that_a_user_imported_is_left_alone() -> None:
    run(
        "import sqlglot\nbefore = dict(vars(sqlglot))\n"
        "import semantic_layer.syntax.lean_sqlglot\nassert dict(vars(sqlglot)) == before\n" + AGREES
    )


def test_threads_that_import_sqlglot_at_once_get_the_same() -> None:
    # What an interpreter has imported before threads begin: CPython may give a thread a half-made
    # package, to keep two that import in opposite order from waiting for each other.
    run(
        "import collections.abc, threading\n"
        "def work(name, gate=threading.Barrier(4)):\n"
        "    gate.wait()\n    found.append(plain_import(name))\n"
        "found = []\n"
        "names = ['semantic_layer.syntax.lean_sqlglot', 'sqlglot', 'inspect', 'difflib']\n"
        "threads = [threading.Thread(target=work, args=[name]) for name in names]\n"
        "[thread.start() for thread in threads]\n[thread.join() for thread in threads]\n"
        "assert len(found) == 4\n" + AGREES
    )


def test_members_are_listed_as_inspect_lists_them() -> None:
    def fits(value: object) -> bool:
        return InspectStandIn.isclass(value) and issubclass(value, sqlglot.exp.Func)  # type: ignore[arg-type]

    listed = InspectStandIn.getmembers(sqlglot.expressions, fits)
    assert listed == inspect.getmembers(sqlglot.expressions, fits)
    assert len(listed) > 300
    assert InspectStandIn.getmembers(sqlglot.expressions) == inspect.getmembers(sqlglot.expressions)
    assert InspectStandIn.getmembers(StandIn) == inspect.getmembers(StandIn)


def test_an_import_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "failing.py").write_text("from colorsys import rgb_to_hsv\nraise OSError('oops')")
    run(
        "from semantic_layer.syntax.lean_import import StandIn, standing_in\n"
        "stand_ins = {'colorsys': StandIn('colorsys', frozenset({'rgb_to_hsv'}))}\n"
        "try:\n"
        "    with standing_in('failing', stand_ins):\n        import failing\n"
        "except OSError:\n    pass\n"
        "assert builtins.__import__ is plain_import\nassert 'colorsys' not in sys.modules\n"
        "from colorsys import rgb_to_hsv, rgb_to_hls\nassert rgb_to_hsv(0, 0, 1)\n",
        tmp_path,
    )


def test_only_the_package_itself_sees_stand_ins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread imports the real module in the middle of the package's import."""
    (tmp_path / "patient.py").write_text(
        "import hooks\nfrom colorsys import rgb_to_hsv as early\nhooks.started.set()\n"
        "assert hooks.go.wait(60)\nfrom colorsys import rgb_to_hsv as late\n"
    )
    (tmp_path / "hooks.py").write_text(
        "import threading\nstarted, go = threading.Event(), threading.Event()\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("colorsys", "patient", "hooks"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    import hooks  # type: ignore[import-not-found]

    def import_patiently() -> None:
        stand_in = StandIn("colorsys", frozenset({"rgb_to_hsv"}))
        with standing_in("patient", {"colorsys": stand_in}):
            import patient  # type: ignore[import-not-found]  # noqa: F401

    thread = threading.Thread(target=import_patiently)
    thread.start()
    assert hooks.started.wait(60)
    import colorsys

    assert colorsys.__spec__ is not None
    assert "rgb_to_yiq" in vars(colorsys)
    hooks.go.set()
    thread.join()
    patient = sys.modules["patient"]
    assert patient.early is not colorsys.rgb_to_hsv
    assert patient.early(0, 0, 1) == colorsys.rgb_to_hsv(0, 0, 1)
    assert patient.late is colorsys.rgb_to_hsv
    assert importlib.util.find_spec("patient") is not None


def test_somebody_else_s_import_function_stays() -> None:
    run(
        "from semantic_layer.syntax.lean_import import StandIn, standing_in\n"
        "with standing_in('nothing', {}):\n"
        "    ours = builtins.__import__\n"
        "    def theirs(*args, **kwargs):\n        return ours(*args, **kwargs)\n"
        "    builtins.__import__ = theirs\n"
        "assert builtins.__import__ is theirs\nimport colorsys\nassert colorsys.rgb_to_hsv\n"
    )
