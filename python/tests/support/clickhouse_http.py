"""ClickHouse behind its HTTP interface, as far as a client needs it: in front of the engine itself.

    python clickhouse_http.py STATEMENTS

It runs in the engine's environment, executes the statements (a JSON list), prints its port and
serves until its standard input ends. Settings of a request hold from then on, for the engine has
one session: that makes `readonly` the engine's own, and one server is for one client.
"""

from __future__ import annotations

import json
import re
import sys
import threading

from chdb import session  # type: ignore[import-not-found]

from database_query.stand_in import Reply, Request, serving

_TRANSPORT = frozenset(
    """query query_id database session_id client_protocol_version compress enable_http_compression
    wait_end_of_query send_progress_in_http_headers http_headers_progress_interval_ms
    cancel_http_readonly_queries_on_client_close default_format buffer_size""".split()
)


class Server:
    """The engine, which is asked one thing at a time."""

    def __init__(self, statements: list[str]) -> None:
        self._session = session.Session()
        self._settings: dict[str, str] = {}
        self._lock = threading.Lock()
        for statement in statements:
            self._session.query(statement)

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        body = request.body.decode()
        sql = "\n".join(part for part in (request.options.get("query"), body) if part)
        found = re.search(r"\s+FORMAT\s+(\w+)\s*\Z", sql)
        format_ = found[1] if found else "TabSeparated"
        with self._lock:
            try:
                self._take({k: v for k, v in request.options.items() if k not in _TRANSPORT})
                answer = self._session.query(sql[: found.start()] if found else sql, format_)
            except Exception as error:
                return _refusal(str(error))
            return Reply(answer.bytes(), 200, {"X-ClickHouse-Format": format_})

    def _take(self, settings: dict[str, str]) -> None:
        """Change the session's settings, `readonly` last: nothing can be changed after it."""
        for name in sorted(settings, key="readonly".__eq__):
            if self._settings.get(name) != settings[name]:
                value = settings[name].replace("'", "''")
                self._session.query(f"SET {name} = '{value}'")
                self._settings[name] = settings[name]


def _refusal(said: str) -> Reply:
    code = re.search(r"Code: (\d+)", said)
    headers = {"X-ClickHouse-Exception-Code": code[1]} if code else {}
    return Reply(said.encode(), 500, headers)


def main() -> None:
    """Serve until standard input ends."""
    with serving(Server(json.loads(sys.argv[1])).answer) as port:
        print(port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
