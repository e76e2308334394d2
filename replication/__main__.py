"""The command line: a subcommand for every function of `replication.verbs`.

An exception whose class this package defines is a message to the user: the program ends with that line
and no traceback.
"""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Sequence

from replication import __version__
from replication.verbs import OPTIONS, VERBS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb.

    Returns:
        The exit code: 0, 1 where `doctor` found a problem, 2 for an error of the user's.
    """
    given = vars(_parser().parse_args(arguments))
    verb = given.pop("verb")
    try:
        return int(verb(**given) or 0)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if type(error).__module__.partition(".")[0] != __package__:
            raise
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    """A subcommand per verb, named, described and given its arguments by the function itself."""
    parser = argparse.ArgumentParser(
        prog="replication",
        description="Which claims of the GAN papers hold when you train them yourself?",
        epilog="The whole study: snakemake --cores all all",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(metavar="verb", required=True)
    for verb in VERBS:
        text = inspect.getdoc(verb) or ""
        command = commands.add_parser(verb.__name__, help=text.partition("\n")[0], description=text)
        command.set_defaults(verb=verb)
        for name, parameter in inspect.signature(verb).parameters.items():
            if parameter.kind is parameter.KEYWORD_ONLY:
                said = OPTIONS[verb.__name__][name]
                command.add_argument(f"--{name}", metavar=name.upper(), help=said)
            else:
                several = "+" if parameter.annotation == "list[str]" else None
                command.add_argument(name, nargs=several)
    return parser


if __name__ == "__main__":
    sys.exit(main())
