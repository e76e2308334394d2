"""The arms that tests name: which studies have them, and which nobody has. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from replication.claims.claim import Claim
from replication.claims.criterion import Criterion
from replication.claims.schema import PAPERS, all_claims, papers
from replication.plan import registry
from replication.plan.config import Config, ConfigError
from replication.plan.study import matches, planned

#: The arms of every profile, by its name.
Planned = Mapping[str, Sequence[str]]


def studies(claim: Claim, test: Criterion, profiles: Planned) -> list[str]:
    """The profiles with an arm for each pattern of a test; those of its panel where it names none.

    A test of experiments or calculations is one of every profile.
    """
    panel = test.panel or claim.panel
    own = registry.panel_metadata(panel)["RUNS"] if panel in registry.panels() else []
    wanted = [[pattern] for pattern in test.arms] or ([own] if own else [])
    return [
        profile
        for profile, arms in profiles.items()
        if all(any(matches(arm, patterns) for arm in arms) for patterns in wanted)
    ]


def check(config: Config) -> None:
    """Refuse a paper.yaml that names arms which no profile has.

    A params.yaml with one profile is somebody's own study: what it lacks is not tested there.

    Raises:
        ConfigError: a line for each pattern, with file, claim and the nearest arm.
    """
    if len(config.profiles) > 1 and (faults := list(unknown(planned(config)))):
        raise ConfigError("\n".join(faults))


def unknown(profiles: Planned, claims: Iterable[Claim] | None = None) -> Iterator[str]:
    """The patterns of tests and controls that fit no arm of any profile, each as one line."""
    arms = sorted({arm for own in profiles.values() for arm in own})
    for claim in all_claims(papers().values()) if claims is None else claims:
        for pattern in dict.fromkeys(_patterns(claim)):
            if not any(matches(arm, [pattern]) for arm in arms):
                path = (PAPERS / claim.paper / "paper.yaml").relative_to(registry.PACKAGE.parent)
                hint = registry.nearest(pattern, arms) if len(arms) else ""
                yield f"{path}: {claim.id}: no profile of params.yaml has an arm {pattern!r}{hint}"


def _patterns(claim: Claim) -> Iterator[str]:
    for test in claim.tests:
        yield from test.arms
        for control in claim.asked_of(test):
            yield from control.arms
