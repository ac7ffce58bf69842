"""Makes the runtime that read-only end-to-end tests share. Run by CTest before them."""

from __future__ import annotations

import shutil

from harness import BUILD, SHARED_RUNTIME, Ktx, newest_minor


def main() -> None:
    """Installs from nothing, and requires a clean bill of health and the Python to be tested."""
    shutil.rmtree(SHARED_RUNTIME, ignore_errors=True)
    home = BUILD / "e2e" / "home"
    home.mkdir(parents=True, exist_ok=True)
    user = Ktx(home=home, runtime_root=SHARED_RUNTIME)
    print(user.ok("runtime", "install", "--yes"))
    print(user.ok("runtime", "doctor"))
    version = user.json("runtime", "status", "--json")["manifest"]["interpreter"]["version"]
    if not version.startswith(newest_minor() + "."):
        raise SystemExit(f"To be tested was Python {newest_minor()}, and ktx has taken {version}")


if __name__ == "__main__":
    main()
