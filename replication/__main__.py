"""The command line: a subcommand for every file of `replication.cli.verbs`.

Whatever goes wrong ends in one line; its traceback is shown to those who ask with ``--debug``.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

from replication import __version__
from replication.cli import verbs
from replication.jobs import start


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb.

    Returns:
        The exit code: 0, 1 where `doctor` found a problem, 2 for an error, 130 when interrupted.
    """
    given = vars(_parser().parse_args(arguments))
    verb, debug = given.pop("verb"), given.pop("debug")
    try:
        if arguments is None:
            _use_own_code()
        start.find_home()
        return int(verb(**given) or 0)
    except KeyboardInterrupt:
        print("interrupted; the same command goes on", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read what is printed has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if debug:
            raise
        print(start.told(error), file=sys.stderr)
        return 2


def _use_own_code() -> None:
    """Start again with the code of the clone one works in, where another's is installed."""
    if root := start.clone(Path.cwd()):
        command = [sys.executable, "-m", "replication", *sys.argv[1:]]
        os.execve(sys.executable, command, start.command(root, dict(os.environ)))


def _modules() -> Iterator[ModuleType]:
    """Every verb's, by name."""
    for file in sorted(Path(str(verbs.__file__)).parent.glob("*.py")):
        if not file.stem.startswith("_"):
            yield importlib.import_module(f"{verbs.__name__}.{file.stem}")


def _parser() -> argparse.ArgumentParser:
    """A subcommand per verb, named, described and given its arguments by the function itself."""
    parser = argparse.ArgumentParser(
        prog="replication",
        description="Which claims of the GAN papers hold when you train them yourself?",
        epilog="The whole study: snakemake --cores all all",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    debug = "show the traceback of an error"
    parser.add_argument("--debug", action="store_true", help=debug)
    commands = parser.add_subparsers(metavar="verb", required=True)
    for module in _modules():
        verb = getattr(module, module.__name__.rpartition(".")[2])
        name, text = verb.__name__.rstrip("_"), inspect.getdoc(verb) or ""
        command = commands.add_parser(name, help=text.partition("\n")[0], description=text)
        command.set_defaults(verb=verb)
        # Suppressed: else its absence here would undo what stands before the verb.
        command.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=debug)
        for name, parameter in inspect.signature(verb).parameters.items():
            option = f"--{name.replace('_', '-')}"
            if parameter.annotation == "bool":
                command.add_argument(option, action="store_true", help=module.OPTIONS[name])
            elif parameter.kind is parameter.KEYWORD_ONLY:
                said = module.OPTIONS[name]
                command.add_argument(option, metavar=name.upper(), help=said)
            else:
                several = "+" if parameter.annotation == "list[str]" else None
                command.add_argument(name, nargs=several)
    return parser


if __name__ == "__main__":
    sys.exit(main())
