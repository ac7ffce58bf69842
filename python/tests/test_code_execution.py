"""Code of a request: run beside this process, within limits, and only where it is allowed."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from ktx_daemon.code_execution import (
    ExecuteCodeRequest,
    detect_visualizations,
    dumps_numpy_json,
    execute_code_response,
)
from ktx_daemon.code_execution.process import Limits
from ktx_daemon.dispatch import dispatch
from ktx_daemon.operations import CODE_EXECUTION, OPERATIONS


@pytest.fixture(autouse=True)
def no_folder_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    assert list(tmp_path.glob("ktx-code-*")) == []


def run(code: str, **limits: Any) -> dict[str, Any]:
    response = execute_code_response(ExecuteCodeRequest(code=code), Limits(**limits))
    return response.model_dump()


def test_the_operation_is_off_unless_it_is_allowed() -> None:
    request = json.dumps({"code": "print('hello')\n6 * 7"}).encode()
    refused = json.loads(dispatch("code-execute", request))["error"]
    assert refused["kind"] == "unsupported"
    assert "--enable-code-execution" in refused["fix"]
    reply = json.loads(dispatch("code-execute", request, {CODE_EXECUTION}))
    assert reply["ok"] == {
        "formatted_result": "42",
        "result": 42,
        "console_output": "hello\n",
        "error": None,
        "message": "The code ran.",
        "visualizations": None,
    }
    assert [o.name for o in OPERATIONS.values() if o.enabled_by] == ["code-execute"]


@pytest.mark.parametrize(
    ("code", "result"),
    [
        ("result = [1]\n2", [1]),
        ("x = 1", None),
        ("", None),
        ("True, None, {3: 1.5}", [True, None, {"3": 1.5}]),
        ("float('nan'), float('inf')", [None, None]),
        ("'\\udc00\\0'", "\\udc00\0"),
        ("__import__('datetime').date(2024, 1, 2)", "2024-01-02"),
    ],
)
def test_results_are_json(code: str, result: object) -> None:
    assert run(code)["result"] == result


def test_numbers_and_tables_of_the_libraries() -> None:
    import numpy as np
    import pandas as pd  # type: ignore[import-untyped]

    frame = pd.DataFrame({"a": [1.5, None], "at": [pd.Timestamp("2024-01-02"), pd.NaT]})
    assert json.loads(dumps_numpy_json(frame)) == [
        {"a": 1.5, "at": "2024-01-02T00:00:00"},
        {"a": None, "at": None},
    ]
    assert json.loads(dumps_numpy_json([np.int64(3), np.array([1, 2]), np.bool_(True)])) == [
        3,
        [1, 2],
        True,
    ]
    code = "import pandas as pd\npd.DataFrame({'a': [1, 2]}).sum()"
    assert run(code)["result"] == [3]


def test_visualizations() -> None:
    shown = run("visualize('bar', [1], title='T', config={'x': 1})\n{'vis_type': 'pie'}")
    assert shown["visualizations"] == [
        {"type": "visualization", "vis_type": "bar", "config": {"x": 1}, "data": [1], "title": "T"},
        {"type": "visualization", "vis_type": "pie", "config": {}, "data": None, "title": None},
    ]
    assert "pie, bar, line, area, table, boxplot" in run("visualize('map', [])")["message"]
    assert detect_visualizations([{"vis_type": "map"}, 1, {"vis_type": "line"}])[0]["data"] is None


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("def f():\n    raise KeyError('x')\nf()", "The code failed: KeyError: 'x'"),
        ("this is no Python", "The code failed: SyntaxError: invalid syntax"),
        ("import sys; sys.exit(3)", "The code failed: SystemExit: 3"),
        ("import os; os._exit(3)", "The code left with exit code 3."),
        ("import ctypes; ctypes.string_at(0)", "The code was ended by signal SIGSEGV."),
        ("x = []; x.append(x); x", "nested too deeply"),
        ("'x' * 5_000_000", "the result has 5000002 bytes as JSON"),
        ("open('../result.json', 'w').write('[' * 99999); import os; os._exit(0)", "before it had"),
        ("import os; os.mkfifo('../result.json'); os._exit(0)", "before it had a result"),
    ],
)
def test_code_that_fails(code: str, message: str) -> None:
    response = run(code)
    assert message in response["message"]
    assert response["error"]
    assert response["result"] is None


def test_an_error_shows_the_code_and_nothing_of_ours() -> None:
    error = run("def f():\n    raise KeyError('x')\nf()")["error"]
    assert error.startswith(
        'Traceback (most recent call last):\n  File "<code>", line 3, in <module>'
    )
    assert "child.py" not in error


@pytest.mark.parametrize(
    ("code", "limits", "message"),
    [
        ("while True: pass", {"cpu_seconds": 1}, "used all the processor time"),
        ("import time; time.sleep(3600)", {"wall_seconds": 1}, "took longer than 1 seconds"),
        ("input()", {}, "EOFError"),
        ("bytearray(10**9)", {"memory_bytes": 512 * 1024**2}, "MemoryError"),
        (
            "with open('x', 'wb') as file:\n    file.write(bytes(2000))",
            {"file_bytes": 1000},
            "File too large",
        ),
        ("[open('/dev/null') for _ in range(99)]", {"open_files": 20}, "Too many open files"),
    ],
)
def test_limits(code: str, limits: dict[str, Any], message: str) -> None:
    assert message in run(code, **limits)["message"]


def test_the_system_is_told_of_every_limit() -> None:
    names = [*Limits().as_rlimits()]
    code = f"import resource\n[resource.getrlimit(getattr(resource, n))[0] for n in {names}]"
    assert run(code)["result"] == list(Limits().as_rlimits().values())


def test_what_the_code_starts_ends_with_it() -> None:
    # The pipe's other end closes when the last process that has it is gone.
    reader, writer = os.pipe()
    name = f"/proc/{os.getpid()}/fd/{writer}"
    code = (
        "import os, time\n"
        f"held = os.open({name!r}, os.O_WRONLY)\n"
        "if os.fork() == 0:\n    time.sleep(3600)\n'done'"
    )
    response = run(code, processes=10_000)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        assert (response["result"], pipe.read()) == ("done", b"")


def test_the_child_has_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KTX_SECRET", "x")
    code = (
        "import os, sys, stat\n"
        "names = sorted(os.listdir('/proc/self/fd'))\n"
        "['KTX_SECRET' in os.environ, len(names), sys.flags.isolated, os.getsid(0) == os.getpid(),"
        " os.getcwd() == os.environ['TMPDIR'], 'ktx_daemon' in sys.modules, sys.stdin.read()]"
    )
    # Standard input, output and error, and the folder that is being listed.
    assert run(code)["result"] == [False, 4, 1, True, True, False, ""]


def test_output_is_bounded_and_any_bytes_are_text() -> None:
    assert run("print('x' * 200_000)")["console_output"].endswith("x… (100001 more bytes)")
    code = "import os, sys; os.write(1, b'a\\xff\\0'); print('b', file=sys.stderr)"
    assert run(code)["console_output"] == "a\\xff\0b\n"
