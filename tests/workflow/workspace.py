"""A copy of the repository in which the real workflow can run on the smoke profile."""

from __future__ import annotations

import copy
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from replication.plan.study import Study

ROOT = Path(__file__).parents[2]
Done = subprocess.CompletedProcess[str]
#: What Snakemake says of a job; those of a group are indented.
JOB = re.compile(r"^ *Job \d+: (.+)$", re.MULTILINE)


def smoke() -> Study:
    """The study that a workspace makes."""
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    return Study(params | {"profile": "smoke"})


class Workspace:
    """A repository of its own, with the profile set to smoke."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        listed = _git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split(
            "\0"
        )
        for name in filter(None, listed):
            if not name.startswith(("results/", "reports/", "dvc.lock")) and (ROOT / name).exists():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        params, ignored = folder / "params.yaml", folder / ".gitignore"
        params.write_text(params.read_text().replace("profile: laptop", "profile: smoke", 1))
        # Git keeps of this study what it keeps of laptop's in the project.
        ignored.write_text(ignored.read_text().replace("/laptop", "/smoke"))
        _git(folder, "init", "--quiet")
        _git(folder, "add", ".")
        identity = ("-c", "user.name=test", "-c", "user.email=test@example.org")
        _git(folder, *identity, "commit", "--quiet", "--message", "a copy")

    def copied(self, folder: Path) -> Workspace:
        """A workspace like this one in another folder, with all that was made here."""
        return self.at(shutil.copytree(self.folder, folder))

    def at(self, folder: Path) -> Workspace:
        """A workspace like this one in a folder that is there."""
        twin = copy.copy(self)
        twin.folder = folder
        return twin

    def environment(self) -> dict[str, str]:
        """Ours, with this Python's programs first and no configuration handed down."""
        own = {k: v for k, v in os.environ.items() if k != "REPLICATION_CONFIG"}
        return own | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{own['PATH']}"}

    def run(self, *command: str) -> Done:
        """Run a program in the workspace."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def succeed(self, *command: str) -> str:
        """Run a program that must succeed; returns its stdout and stderr."""
        done = self.run(*command)
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def plan(self, *arguments: str) -> list[str]:
        """What Snakemake would do: the messages of its jobs, sorted; empty where nothing is to be done."""
        text = self.succeed("snakemake", "--dry-run", *arguments)
        return sorted(JOB.findall(text))

    def edit(self, name: str, old: str, new: str) -> str:
        """Replace one piece of a file's text; returns the text as it was."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} does not contain {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text

    @contextmanager
    def edited(self, name: str, old: str, new: str) -> Iterator[None]:
        """A file of the workspace with one piece of its text replaced, for a while."""
        before = self.edit(name, old, new)
        try:
            yield
        finally:
            (self.folder / name).write_text(before, encoding="utf-8")


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
