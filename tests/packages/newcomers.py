"""Who installs ktx with what: a bare system for each package manager, and the words that a new user
of it types.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bare_system import HOME, BareSystem
from harness import BUILD, UV
from installed import packed
from managers import BUN, LATER_NODE, MODULES, PNPM, YARN_4

LIBRARY = "libpython3.11"  # what Debian's own suggestion brings
FETCHED = BUILD / "tools" / "pythons"


@dataclass(frozen=True)
class Newcomer:
    """One way to have ktx. Commands are lines of a shell, of root's behind `# `."""

    name: str
    prepare: Callable[[BareSystem], None]
    install: tuple[str, ...]
    run: str  # what starts ktx, as ktx itself names it
    uninstall: tuple[str, ...]
    settings: dict[str, str] = field(default_factory=dict)  # files of the home
    below: str = ""  # what starts it in the folder below, where that is another
    again: tuple[str, ...] = ()  # what a new shell needs


def _node(system: BareSystem) -> None:
    system.put(LATER_NODE, "/opt/node/bin/node")
    system.link("node", "/opt/node/bin/node")


def _npm(system: BareSystem) -> None:
    _node(system)
    system.put(MODULES / "npm", "/opt/npm")
    for name in ("npm", "npx"):
        system.link(name, f"/opt/npm/bin/{name}-cli.js")


def _with(name: str, package: Path, program: Path) -> Callable[[BareSystem], None]:
    def prepare(system: BareSystem) -> None:
        _node(system)
        system.put(package, f"/opt/{name}")
        system.link(name, f"/opt/{name}/{program.relative_to(package)}")
        _python(system)

    return prepare


def _bun(system: BareSystem) -> None:
    system.put(BUN, "/opt/bun/bun")
    for name in ("bun", "bunx"):
        system.link(name, "/opt/bun/bun")
    _python(system)


def _python(system: BareSystem) -> None:
    system.has("python3-venv", LIBRARY)


def _pip(system: BareSystem) -> None:
    system.has("python3", "python3-venv", "python3-pip")


def _uv(system: BareSystem) -> None:
    system.has("python3", LIBRARY)
    for name in ("uv", "uvx"):
        system.put(UV.with_name(name), f"/usr/local/bin/{name}")


def _pipx(system: BareSystem) -> None:
    system.has("pipx", LIBRARY)


def _deb(system: BareSystem) -> None:
    system.put(packed("deb")[0], f"{HOME}/{packed('deb')[0].name}")


def _tarball(system: BareSystem) -> None:
    system.put(packed("tarball")[0], f"{HOME}/{packed('tarball')[0].name}")
    _python(system)


def _newest_python(system: BareSystem) -> None:
    system.put(packed("tarball")[0], f"{HOME}/{packed('tarball')[0].name}")
    system.has("libsqlite3-0")  # this build of it takes SQLite from the system
    (python,) = FETCHED.glob("cpython-3.14-*")
    system.put(python, "/opt/python3.14")
    system.link("python3.14", "/opt/python3.14/bin/python3.14")
    system.link("python3", "/opt/python3.14/bin/python3.14")


ARCHIVE = "ktx-0.1.0-linux-x86_64"
NEWCOMERS = [
    Newcomer("npm", _npm, ("npm install @kaelio/ktx",), "npx ktx", ("npm uninstall @kaelio/ktx",)),
    Newcomer(
        "pnpm",
        _with("pnpm", MODULES / "pnpm-11", PNPM["11"]),
        ("pnpm add @kaelio/ktx",),
        "pnpm exec ktx",
        ("pnpm remove @kaelio/ktx",),
        below="../node_modules/.bin/ktx",
    ),
    Newcomer(
        "yarn-4",
        _with("yarn", MODULES / "@yarnpkg" / "cli-dist", YARN_4),
        ("yarn add @kaelio/ktx",),
        "yarn ktx",
        ("yarn remove @kaelio/ktx",),
        settings={"yarn.lock": ""},
    ),
    Newcomer("bun", _bun, ("bun add @kaelio/ktx",), "bun run ktx", ("bun remove @kaelio/ktx",)),
    Newcomer(
        "pip",
        _pip,
        ("python3 -m venv .venv", ". .venv/bin/activate", "pip install kaelio-ktx-cli"),
        "ktx",
        ("pip uninstall --yes kaelio-ktx-cli",),
        again=(". .venv/bin/activate",),
    ),
    Newcomer("uvx", _uv, (), "uvx --from kaelio-ktx-cli ktx", ("uv cache clean kaelio-ktx-cli",)),
    Newcomer(
        "uv-tool",
        _uv,
        ("uv tool install kaelio-ktx-cli",),
        "ktx",
        ("uv tool uninstall kaelio-ktx-cli",),
    ),
    Newcomer(
        "pipx",
        _pipx,
        ("pipx install kaelio-ktx-cli",),
        "ktx",
        ("pipx uninstall kaelio-ktx-cli",),
    ),
    Newcomer(
        "deb",
        _deb,
        ("# apt-get install ./ktx_*_amd64.deb",),
        "ktx",
        ("# apt-get remove ktx",),
    ),
    Newcomer(
        "tarball",
        _tarball,
        (
            f"tar xzf {ARCHIVE}.tar.gz",
            "mkdir -p ~/.local/bin",
            f'ln -s "$PWD/{ARCHIVE}/bin/ktx" ~/.local/bin/ktx',
        ),
        "ktx",
        (f"rm -r ~/.local/bin/ktx {ARCHIVE}",),
    ),
    Newcomer(
        "python-3.14",
        _newest_python,
        (
            f"tar xzf {ARCHIVE}.tar.gz",
            "mkdir -p ~/.local/bin",
            f'ln -s "$PWD/{ARCHIVE}/bin/ktx" ~/.local/bin/ktx',
        ),
        "ktx",
        (f"rm -r ~/.local/bin/ktx {ARCHIVE}",),
    ),
]
