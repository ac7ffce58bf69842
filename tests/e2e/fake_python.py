"""Executables that answer ktx's question as some Python would, sound or not."""

from __future__ import annotations

import json
import shlex
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from harness import BUILD, SHARED_RUNTIME, Ktx


@cache
def real_python() -> str:
    """The interpreter that the shared runtime was made from."""
    shared = Ktx(home=BUILD / "e2e" / "home", runtime_root=SHARED_RUNTIME)
    status = shared.json("runtime", "status", "--json")
    return str(status["manifest"]["interpreter"]["baseExecutable"])


@cache
def real_answer() -> dict[str, Any]:
    """What a sound Python answers, learnt by listening to a real one."""
    script = (
        "import json, sys, sysconfig\n"
        "lib = sys.base_prefix + '/lib/' + sysconfig.get_config_var('INSTSONAME')\n"
        "print(json.dumps({'implementation': 'cpython', 'numbers': list(sys.version_info[:3]),\n"
        "  'version': '.'.join(map(str, sys.version_info[:3])), 'freeThreaded': False,\n"
        "  'soabi': sysconfig.get_config_var('SOABI'), 'debug': False,\n"
        "  'executable': sys.executable, 'baseExecutable': sys.executable,\n"
        "  'basePrefix': sys.base_prefix, 'libraries': [lib],\n"
        "  'searchPaths': [path for path in sys.path if path]}))"
    )
    out = subprocess.run([real_python(), "-I", "-S", "-c", script], capture_output=True, check=True)
    answer: dict[str, Any] = json.loads(out.stdout)
    return answer


def fake_python(path: Path, **changes: Any) -> Path:
    """A Python that answers like the real one but for `changes`."""
    text = json.dumps(real_answer() | changes)
    return script(path, f"printf '%s' {shlex.quote(text)}")


def script(path: Path, body: str) -> Path:
    """An executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path
