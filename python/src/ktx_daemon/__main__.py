"""`ktx-daemon COMMAND`: one operation on the JSON object of standard input."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ktx_daemon import VERSION
from ktx_daemon.dispatch import encode, run
from ktx_daemon.operations import CODE_EXECUTION, OPERATIONS


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns 0, or 1 after a message on standard error."""
    words = sys.argv[1:] if argv is None else list(argv)
    if words[:1] == ["serve-http"]:
        from ktx_daemon.server.command import main as serve_http

        return serve_http(words[1:])
    parser = argparse.ArgumentParser(
        prog="ktx-daemon",
        description="Runs one operation on the JSON object of standard input.",
        epilog="serve-http serves the operations over HTTP: ktx-daemon serve-http --help.",
    )
    parser.add_argument("--version", action="version", version=VERSION)
    parser.add_argument("command", choices=list(OPERATIONS), help="the operation to run")
    parser.add_argument(
        "--enable-code-execution",
        action="store_true",
        help="allow code-execute, which runs the request's Python with this user's rights",
    )
    arguments = parser.parse_args(words)
    permissions = {CODE_EXECUTION} if arguments.enable_code_execution else set()
    try:
        response = run(arguments.command, sys.stdin.buffer.read(), permissions)
    except ValueError as error:
        print(_message(error), file=sys.stderr)
        return 1
    except Exception as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    sys.stdout.buffer.write(encode(response) + b"\n")
    sys.stdout.buffer.flush()
    return 0


def _message(error: ValueError) -> str:
    if "must be a JSON object" in str(error):
        return "stdin JSON must be an object"
    fix = getattr(error, "fix", None)
    return f"{error}\n{fix}" if fix else str(error)


if __name__ == "__main__":
    sys.exit(main())
