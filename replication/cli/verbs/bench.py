"""`replication bench`."""

from __future__ import annotations

OPTIONS = {"only": "one of the benchmarks: steps, whole, growth, scale, together"}


def bench(*, only: str = "steps") -> int:
    """Measure what training costs, in a clone of the project; `make bench` measures all."""
    import subprocess
    import sys

    from replication.plan.config import ConfigError
    from replication.plan.registry import PACKAGE

    folder = PACKAGE.parent / "benchmarks"
    known = sorted(file.stem for file in folder.glob("*.py") if "__main__" in file.read_text())
    if not known:
        raise ConfigError(f"{folder}: no such folder; the benchmarks are in a clone of the project")
    if only not in known:
        raise ConfigError(f"there is no benchmark {only!r}; there are {', '.join(known)}")
    command = [sys.executable, "-m", f"benchmarks.{only}"]
    return subprocess.run(command, cwd=PACKAGE.parent, check=False).returncode
