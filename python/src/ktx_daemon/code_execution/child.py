"""The program that runs the code: started by path with `-I`, with one folder as its argument.

It reads `request.json` there, works in `work/`, and leaves `result.json`. It imports nothing of
this package, which need not be on the path of an isolated interpreter.
"""

from __future__ import annotations

import ast
import json
import linecache
import math
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

VIS_TYPES = ("pie", "bar", "line", "area", "table", "boxplot")
MAX_RESULT_BYTES = 4_000_000
MAX_FORMATTED = 100_000
_MAX_DEPTH = 50
_FILE = "<code>"
_PR_SET_PDEATHSIG = 1


def main(folder: Path) -> None:
    """Run the code of `request.json` and write what became of it."""
    request = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    _end_with_parent(request["parent"])
    work = folder / "work"
    os.chdir(work)
    # What is written where programs write by default is removed with the folder. One thread each:
    # the libraries would fail where no threads may be started.
    os.environ.update(HOME=str(work), TMPDIR=str(work), PATH="/usr/bin:/bin")
    for library in ("OPENBLAS", "OMP", "MKL", "NUMEXPR"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    for name, limit in request["limits"].items():
        set_limit(getattr(resource, name), limit)
    outcome = run_code(request["code"])
    sys.stdout.flush()
    (folder / "result.json").write_text(json.dumps(outcome), encoding="ascii")


def set_limit(kind: int, limit: int) -> None:
    """Lower a limit for good; one that is lower already stays."""
    _, hard = resource.getrlimit(kind)
    lower = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    # At the soft limit of processor time comes a signal that says so, at the hard one SIGKILL.
    ceiling = lower + 1 if kind == resource.RLIMIT_CPU and lower != hard else lower
    with suppress(ValueError, OSError):  # macOS refuses some.
        resource.setrlimit(kind, (lower, ceiling))


def run_code(code: str) -> dict[str, Any]:
    """Run code; its result is the variable `result`, or the value of its last expression."""
    visualizations: list[dict[str, Any]] = []
    namespace: dict[str, Any] = {
        "__name__": "__main__",
        **create_scratchpad_helpers(visualizations),
    }
    linecache.cache[_FILE] = (len(code), None, code.splitlines(keepends=True), _FILE)
    try:
        last = _run(code, namespace)
        value = namespace.get("result", last)
        shown = [*visualizations, *detect_visualizations(value)]
        return {
            "result": _bounded(value),
            "formatted_result": None if value is None else _formatted(value),
            "visualizations": json.loads(dumps_numpy_json(shown)) if shown else None,
            "error": None,
        }
    except BaseException as error:  # SystemExit and KeyboardInterrupt are the code's own, too.
        return {"result": None, "formatted_result": None, "visualizations": None} | {
            "error": _explained(error)
        }


def create_scratchpad_helpers(
    visualizations: list[dict[str, Any]],
) -> dict[str, Callable[..., Any]]:
    """Return the functions that code may call; what it shows is added to `visualizations`."""

    def visualize(
        vis_type: str, data: Any, title: str | None = None, config: Mapping[str, Any] | None = None
    ) -> None:
        """Show data as a pie, bar, line, area, table or boxplot."""
        if vis_type not in VIS_TYPES:
            raise ValueError(f"vis_type must be one of {', '.join(VIS_TYPES)}, not {vis_type!r}")
        visualizations.append(_visualization(vis_type, data, title, config))

    return {"visualize": visualize}


def detect_visualizations(value: Any) -> list[dict[str, Any]]:
    """Return what of a result is a visualization: mappings with a known `vis_type`."""
    items = value if isinstance(value, (list, tuple)) else [value]
    return [
        _visualization(item["vis_type"], item.get("data"), item.get("title"), item.get("config"))
        for item in items
        if isinstance(item, Mapping) and item.get("vis_type") in VIS_TYPES
    ]


def dumps_numpy_json(value: Any) -> str:
    """Return a value as JSON: numpy's and pandas' in plain form, what is no number as null."""
    return json.dumps(_plain(value, 0), allow_nan=False)


def _run(code: str, namespace: dict[str, Any]) -> Any:
    tree = ast.parse(code, _FILE)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        exec(compile(tree, _FILE, "exec"), namespace)
        return None
    tree.body.pop()
    exec(compile(tree, _FILE, "exec"), namespace)
    return eval(compile(ast.Expression(last.value), _FILE, "eval"), namespace)


def _visualization(
    vis_type: str, data: Any, title: Any, config: Mapping[str, Any] | None
) -> dict[str, Any]:
    return {
        "type": "visualization",
        "vis_type": vis_type,
        "config": dict(config or {}),
        "data": data,
        "title": title,
    }


def _plain(value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, str):
        return _text(value)
    if depth > _MAX_DEPTH:
        raise ValueError("the result is nested too deeply, or contains itself")
    if isinstance(value, Mapping):
        return {_text(str(key)): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, range)):
        return [_plain(item, depth + 1) for item in value]
    return _plain_object(value, depth)


def _plain_object(value: Any, depth: int) -> Any:
    """Return a value of pandas, numpy or another library in plain form, or as its text."""
    name = type(value).__name__
    if name == "DataFrame":
        return _plain(value.to_dict(orient="records"), depth + 1)
    if name in ("NaTType", "NAType"):
        return None
    if name == "Series" or (hasattr(value, "tolist") and hasattr(value, "dtype")):
        return _plain(value.tolist(), depth + 1)
    if hasattr(value, "isoformat"):
        return _text(str(value.isoformat()))
    return _text(str(value))


def _bounded(value: Any) -> Any:
    text = dumps_numpy_json(value)
    if len(text) > MAX_RESULT_BYTES:
        raise ValueError(f"the result has {len(text)} bytes as JSON, of {MAX_RESULT_BYTES}")
    return json.loads(text)


def _formatted(value: Any) -> str:
    return _shortened(_text(value if isinstance(value, str) else repr(value)))


def _explained(error: BaseException) -> str:
    # Frames before the code's own are of this file.
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename != _FILE:
        frames = frames.tb_next
    lines = traceback.format_exception(type(error), error, frames)
    return _shortened(_text("".join(lines).rstrip()))


def _shortened(text: str) -> str:
    more = len(text) - MAX_FORMATTED
    return text if more <= 0 else f"{text[:MAX_FORMATTED]}… ({more} more characters)"


def _text(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _end_with_parent(parent: int) -> None:
    """Have the system kill this process when the one that started it is gone."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
