"""For each kind of docs/errors.md, how a person comes to see it: the program, with --debug."""

from __future__ import annotations

import fcntl
import hashlib
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness import Ktx, copy_package
from runtime_states import RuntimeCopy, shared_version
from sandbox import make_shop

from conftest import MakeSandbox

Outcome = tuple[int, str, str]
QUERY = ("sl", "query", "--measure", "orders.order_count", "--no-input")


@dataclass
class Failure:
    """Where an error is made: the user of the shared runtime, and a folder of the test's own."""

    shared: Ktx
    folder: Path
    make_sandbox: MakeSandbox

    def user(self, root: str = "") -> Ktx:
        """A user with a home of their own; with the shared runtime unless `root` names another."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        runtime = self.folder / root if root else self.shared.runtime_root
        return Ktx(home=home, runtime_root=runtime, binary=self.shared.binary)

    def shop(self) -> Path:
        """The demo's project."""
        project = self.folder / "shop"
        make_shop(project)
        return project

    def copied_runtime(self) -> RuntimeCopy:
        """A runtime to damage, under the root `runtime`."""
        return RuntimeCopy(shared_version(self.shared), self.folder / "runtime")


def run(user: Ktx, *words: str | Path, project: Path | None = None) -> Outcome:
    """Runs ktx in a project."""
    result = user.run("--debug", *words, **({"cwd": project} if project else {}))
    return result.returncode, result.stdout, result.stderr


def usage(failure: Failure) -> Outcome:
    """An option that is none."""
    return run(failure.user(), "sl", "list", "--output", "pritty", project=failure.shop())


def project(failure: Failure) -> Outcome:
    """No project here."""
    return run(failure.user(), "sl", "list", project=failure.folder)


def model(failure: Failure) -> Outcome:
    """A measure over a column that is not there."""
    shop = failure.shop()
    path = shop / "semantic-layer" / "shop" / "orders.yaml"
    path.write_text(path.read_text().replace("distinct(customer_id)", "distinct(custmer_id)"))
    return run(failure.user(), "sl", "query", "--measure", "orders.buyers", project=shop)


def query(failure: Failure) -> Outcome:
    """A measure that is not there."""
    words = ("sl", "query", "--measure", "orders.order_cuont")
    return run(failure.user(), *words, project=failure.shop())


def unsupported(failure: Failure) -> Outcome:
    """A sub-query."""
    words = (*QUERY, "--filter", "orders.id IN (SELECT order_id FROM order_items)")
    return run(failure.user(), *words, project=failure.shop())


def connection(failure: Failure) -> Outcome:
    """A connection that ktx.yaml does not have."""
    return run(failure.user(), *QUERY, "--connection-id", "shopp", project=failure.shop())


def database(failure: Failure) -> Outcome:
    """A table that the database does not have."""
    shop = failure.shop()
    path = shop / "semantic-layer" / "shop" / "orders.yaml"
    path.write_text(path.read_text().replace("table: orders", "table: all_orders"))
    return run(failure.user(), *QUERY, "--execute", project=shop)


def asset(failure: Failure) -> Outcome:
    """A wheel that was changed after it was shipped."""
    user = failure.user("runtime")
    user.binary = copy_package(failure.folder / "package")
    wheel = next((failure.folder / "package" / "assets" / "python").glob("*.whl"))
    wheel.write_bytes(wheel.read_bytes()[:-1])
    return run(user, "runtime", "install", "--yes")


def runtime_missing(failure: Failure) -> Outcome:
    """Never installed, and nobody may be asked."""
    return run(failure.user("nothing"), *QUERY, project=failure.shop())


def runtime_broken(failure: Failure) -> Outcome:
    """A receipt that was cut."""
    failure.copied_runtime().cut_receipt()
    return run(failure.user("runtime"), *QUERY, project=failure.shop())


def interpreter(failure: Failure) -> Outcome:
    """A Python that is not there."""
    words = ("runtime", "install", "--yes", "--python", failure.folder / "python3")
    return run(failure.user("runtime"), *words)


def uv(failure: Failure) -> Outcome:
    """A uv that is not there."""
    user = failure.user("runtime")
    user.extra["KTX_UV"] = str(failure.folder / "uv")
    return run(user, "runtime", "install", "--yes")


def install(failure: Failure) -> Outcome:
    """A file where the runtime's folder should be."""
    (failure.folder / "runtime").write_text("")
    return run(failure.user("runtime"), "runtime", "install", "--yes")


def daemon(failure: Failure) -> Outcome:
    """A folder in which anybody may write."""
    failure.copied_runtime()
    user = failure.user("runtime")
    user.ok("runtime", "start")
    user.ok("runtime", "stop")
    folder = next((user.runtime_root / ".ktx" / "daemon").iterdir())
    folder.chmod(0o777)
    return run(user, "runtime", "start")


def busy(failure: Failure) -> Outcome:
    """A daemon that runs already."""
    failure.copied_runtime()
    user = failure.user("runtime")
    user.ok("runtime", "start")
    try:
        return run(user, "runtime", "start", "--foreground")
    finally:
        user.ok("runtime", "stop")


def io(failure: Failure) -> Outcome:
    """A folder that is not there."""
    target = failure.folder / "nowhere" / "ktx.zip"
    return run(failure.user(), "runtime", "bundle", target)


def interrupted(failure: Failure) -> Outcome:
    """Ctrl-C while an install waits for another one."""
    user = failure.user("runtime")
    locks = user.runtime_root / ".ktx" / "locks"
    locks.mkdir(parents=True, mode=0o755)
    name = "install.lock"
    with (locks / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = user.start("--debug", "runtime", "install", "--yes", "--verbose")
        assert process.stderr is not None
        said = ""
        while not said.endswith("\n") or "Waiting" not in said:
            piece = process.stderr.read(1)
            assert piece, said
            said += piece
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def internal(failure: Failure) -> Outcome:
    """A planner that answers what nobody asked, in a runtime that is as its receipt says.

    No command line leads to a defect that is known, so this one is put into the runtime.
    """
    copy = failure.copied_runtime()
    environment = copy.version / copy.receipt["environment"]
    module = next(environment.glob("lib/python3.*/site-packages/ktx_daemon/dispatch.py"))
    text = module.read_text()
    module.unlink()  # it is the shared runtime's file too
    module.write_text(f"{text}\n\ndef dispatch(*_: object) -> bytes:\n    return b'{{}}'\n")
    for file in module.parent.glob("__pycache__/dispatch.*.pyc"):
        file.unlink()
    inventory = environment / "files.sha256"
    name = str(module.relative_to(environment))
    digest = hashlib.sha256(module.read_bytes()).hexdigest()
    listed = [
        f"{digest}  {name}\n" if line.endswith(f"  {name}\n") else line
        for line in inventory.read_text().splitlines(keepends=True)
        if "ktx_daemon/__pycache__/dispatch." not in line
    ]
    inventory.unlink()
    inventory.write_text("".join(listed))
    copy.write_receipt(inventorySha256=hashlib.sha256(inventory.read_bytes()).hexdigest())
    return run(failure.user("runtime"), *QUERY, project=failure.shop())


KINDS: dict[str, Callable[[Failure], Outcome]] = {
    "usage": usage,
    "project": project,
    "model": model,
    "query": query,
    "unsupported": unsupported,
    "connection": connection,
    "database": database,
    "asset": asset,
    "runtime-missing": runtime_missing,
    "runtime-broken": runtime_broken,
    "interpreter": interpreter,
    "uv": uv,
    "install": install,
    "daemon": daemon,
    "busy": busy,
    "io": io,
    "interrupted": interrupted,
    "internal": internal,
}
