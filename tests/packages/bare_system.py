"""Bare systems: Debian's smallest, each in a folder of its own, with what the user of one package
manager would have installed and nothing else. They are entered with chroot.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from harness import BUILD, Ktx

SUITE = "bookworm"
BASE = BUILD / "bare-systems" / SUITE
HOME = Path("/home/ada")
ADA = "1000:1000"
# Where this machine's certificates are; a bare system has the same at its own place.
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
# In a mount and process space of its own, which goes with everything that was started in it.
ENTER = """
mount --rbind /dev "$1/dev" && mount -t proc proc "$1/proc" && shift && exec /usr/sbin/chroot "$@"
"""
NAMESPACE = ("unshare", "--mount", "--pid", "--fork", "--kill-child")


@dataclass
class BareSystem(Ktx):
    """A system below `folder` and its user, Ada: nothing of this machine is in her shell but where
    its registries are.
    """

    folder: Path = Path()
    path: str = f"{HOME}/.local/bin:/usr/local/bin:/usr/bin:/bin"

    def environment(self) -> dict[str, str]:
        """The variables of her shell."""
        passed_on = ("HTTPS_PROXY", "PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX")
        return (
            {
                "HOME": str(HOME),
                "LANG": "C.UTF-8",
                "PATH": self.path,
                "USER": "ada",
                "SSL_CERT_FILE": str(CERTIFICATES),
            }
            | {name: os.environ[name] for name in passed_on if name in os.environ}
            | self.extra
        )

    def entering(self, *, as_root: bool = False) -> tuple[str, ...]:
        """The words before those that run in it."""
        who = () if as_root else (f"--userspec={ADA}",)
        folder = str(self.folder)
        return (
            *NAMESPACE,
            "/bin/sh",
            "-c",
            ENTER,
            "sh",
            folder,
            *who,
            folder,
            "/usr/bin/env",
            f"--chdir={HOME}",
        )

    def does(self, *command: str) -> str:
        """What root runs in it; it must succeed."""
        result = subprocess.run(
            [*self.entering(as_root=True), *command],
            env=self.environment() | {"DEBIAN_FRONTEND": "noninteractive", "PATH": ROOT_PATH},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
        return result.stdout

    def has(self, *packages: str) -> None:
        """Installs packages of Debian."""
        self.does("apt-get", "install", "-qq", *packages)

    def put(self, source: Path, at: str) -> None:
        """Copies a file or a folder of this machine into it; Ada may read what is there."""
        target = self.folder / at.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True)
        else:
            shutil.copy(source, target)

    def write(self, name: str, text: str) -> None:
        """A file of the user's, by its path in the home."""
        file = self.folder / str(HOME).lstrip("/") / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        self.does("chown", "-R", "ada:", str(HOME))

    def link(self, name: str, to: str) -> None:
        """A command of everybody."""
        (self.folder / "usr" / "local" / "bin" / name).symlink_to(to)


ROOT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def make_base() -> None:
    """Downloads Debian's smallest system, once for a build and all its processes; without its
    mirror nothing can be shown, and the test fails.
    """
    BASE.parent.mkdir(parents=True, exist_ok=True)
    with (BASE.parent / "making").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (BASE / "made").exists():
            _download_base()


def _download_base() -> None:
    assert os.geteuid() == 0, "bare systems are made by root: run this test as root"
    assert shutil.which("debootstrap"), "debootstrap is missing: run make test-prerequisites"
    shutil.rmtree(BASE, ignore_errors=True)
    BASE.mkdir(parents=True)
    command = ["debootstrap", "--variant=minbase", "--include=ca-certificates", SUITE]
    made = subprocess.run(
        [*command, str(BASE / "root"), _mirror()], capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, f"debootstrap: {made.stdout[-2000:]}{made.stderr}"
    (BASE / "made").touch()


def _mirror() -> str:
    """The mirror that this machine takes the suite from."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", f"Codename: {SUITE}"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    assert listed, f"this machine has no mirror of Debian's {SUITE}, of which bare systems are made"
    return listed[0]


def bare_system(folder: Path) -> BareSystem:
    """A system of its own for one test, with the settings by which this machine reaches its
    mirror and its registries.
    """
    make_base()
    # By a program, which copies devices too and keeps owners.
    subprocess.run(["cp", "-a", str(BASE / "root"), str(folder)], check=True)
    for name in ("resolv.conf", "hosts"):
        shutil.copy(Path("/etc") / name, folder / "etc" / name)
    shutil.copy(CERTIFICATES, folder / str(CERTIFICATES).lstrip("/"))
    answers = 'APT::Get::Assume-Yes "true";\nAPT::Install-Recommends "false";\n'
    (folder / "etc/apt/apt.conf.d/90answers").write_text(answers)
    system = BareSystem(HOME, HOME / "none", folder=folder)
    (folder / str(HOME).lstrip("/")).mkdir()
    system.does("useradd", "--shell", "/bin/bash", "ada")
    system.does("chown", "ada:", str(HOME))
    return system
