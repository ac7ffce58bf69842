"""Makes the runtime that read-only end-to-end tests share. Run by CTest before them."""

from __future__ import annotations

import shutil

from harness import BUILD, Ktx


def main() -> None:
    """Installs from nothing and requires a clean bill of health."""
    root = BUILD / "e2e"
    shutil.rmtree(root / "runtime", ignore_errors=True)
    (root / "home").mkdir(parents=True, exist_ok=True)
    user = Ktx(home=root / "home", runtime_root=root / "runtime")
    print(user.ok("runtime", "install", "--yes"))
    print(user.ok("runtime", "doctor"))


if __name__ == "__main__":
    main()
