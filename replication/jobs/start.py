"""What every start sees to first: whose code runs, a home that can be written, and one line for what goes wrong.

Nothing here loads more than Python's own library: ``--help`` is quick.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1]

#: Where the libraries keep what they may lose: matplotlib its list of fonts, torch what it downloaded.
CACHES = {"XDG_CACHE_HOME": ".cache", "XDG_CONFIG_HOME": ".config"}

REMEDIES = {
    errno.ENOSPC: "make room",
    errno.EDQUOT: "make room",
    errno.EROFS: "work in a folder that can be written",
    errno.EACCES: "change its permissions, or work elsewhere",
    errno.EPERM: "change its permissions, or work elsewhere",
    errno.ENOENT: "correct the path",
    errno.ENOTDIR: "correct the path",
    errno.EISDIR: "name a file, not a folder",
    errno.EMFILE: "raise the limit of open files: ulimit -n",
}


class WrongCode(RuntimeError):
    """The code that runs is not that of the folder one works in."""


def clone(folder: Path, package: Path = PACKAGE) -> Path | None:
    """The clone that a folder belongs to, where it has other code than the package that runs; else None.

    Args:
        folder: the working folder, in a clone or not.
        package: the folder of the package that runs.
    """
    for root in (folder, *folder.parents):
        if (root / "params.yaml").is_file() and (root / "replication" / "__init__.py").is_file():
            return None if (root / "replication").samefile(package) else root
    return None


def command(root: Path, environment: dict[str, str]) -> dict[str, str]:
    """The environment in which Python takes the package from a clone, whatever is installed.

    A copy of a clone brings an environment along that knows the original's code. One who works in the copy means
    the copy's, which Snakemake takes too.

    Raises:
        WrongCode: it was asked for already, and another package came first.
    """
    path = environment.get("PYTHONPATH", "")
    if path.split(os.pathsep)[0] == str(root):
        raise WrongCode(
            f"{root} has code of its own, and {PACKAGE.parent} is what runs; "
            f"install it: pip install -e {root}"
        )
    return environment | {"PYTHONPATH": os.pathsep.join(filter(None, [str(root), path]))}


def homeless() -> list[str]:
    """The variables of `CACHES` whose folder can neither be written nor made."""

    def refused(variable: str, name: str) -> bool:
        place = Path(os.environ.get(variable) or Path("~").expanduser() / name)
        there = next(folder for folder in (place, *place.parents) if folder.exists())
        return not (there.is_dir() and os.access(there, os.W_OK | os.X_OK))

    return [variable for variable, name in CACHES.items() if refused(variable, name)]


def find_home() -> None:
    """Where the home cannot be written, let libraries keep their caches in the folder for temporary files."""
    for variable in homeless():
        place = _instead() / CACHES[variable]
        place.mkdir(parents=True, exist_ok=True)
        os.environ[variable] = str(place)


def found() -> list[str]:
    """The variables that `find_home` has set, in this process or in one that started it."""
    return [name for name in CACHES if Path(os.environ.get(name, "")).is_relative_to(_instead())]


def _instead() -> Path:
    return Path(tempfile.gettempdir()) / f"replication-{os.getuid()}"


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Whatever goes wrong inside ends the program in one line, with exit code 2; with ``--debug`` in a traceback."""
    try:
        yield
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        print(told(error), file=sys.stderr)
        sys.exit(2)


def told(error: BaseException) -> str:
    """What a user reads of an exception: what is wrong, where, and what to do.

    Exceptions of this package's own classes say it themselves; those may take several lines.
    """
    if type(error).__module__.partition(".")[0] == PACKAGE.name:
        return str(error)
    if isinstance(error, OSError) and error.errno:
        # NumPy, safetensors and others raise it without the file's name.
        files = [str(name) for name in (error.filename, error.filename2) if name is not None]
        place = " -> ".join(files) or f"{_doing(error)}"
        remedy = REMEDIES.get(error.errno, "correct it, and run again")
        return f"{place}: {error.strerror}; {remedy}"
    if isinstance(error, MemoryError):
        return f"out of memory {_doing(error)}; run fewer jobs at a time, or a smaller profile"
    said = " ".join(str(error).split())
    if isinstance(error, UnicodeError):
        return f"not UTF-8 ({said}) {_doing(error)}; save the file as UTF-8"
    return f"{type(error).__name__}: {said} {_doing(error)}; see all of it with --debug"


def _doing(error: BaseException) -> str:
    """The last place in this package that an exception passed."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if Path(f.filename).is_relative_to(PACKAGE)] or frames
    if not own:
        return "at the start"
    return f"at {Path(own[-1].filename).name}:{own[-1].lineno}, in {own[-1].name}"
