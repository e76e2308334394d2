"""The arms that tests name: which studies have them, and which nobody has. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from replication.claims.claim import Claim
from replication.claims.criterion import Criterion
from replication.claims.schema import PAPERS, all_claims, papers
from replication.plan import registry
from replication.plan.config import Config, ConfigError
from replication.plan.study import Study, matches, planned

#: The arms of every profile, by its name.
Planned = Mapping[str, Sequence[str]]


def studies(
    claim: Claim, test: Criterion, profiles: Planned, experiments: Planned | None = None
) -> list[str]:
    """The profiles with an arm for each pattern of a test, those of its panel where it names none, and its experiments.

    Args:
        claim: that the test is of.
        test: as planned.
        profiles: their arms.
        experiments: of each profile; one that is not named runs all.
    """
    panel = test.panel or claim.panel
    head = registry.panel_metadata(panel) if panel in registry.panels() else registry.UNSAID
    wanted = [[pattern] for pattern in test.arms] or ([head["RUNS"]] if head["RUNS"] else [])
    asked = set(head.get("EXPERIMENTS", []))
    return [
        profile
        for profile, arms in profiles.items()
        if all(any(matches(arm, patterns) for arm in arms) for patterns in wanted)
        and asked <= set((experiments or {}).get(profile, asked))
    ]


def needed(claim: Claim, study: Study) -> list[str]:
    """The arms of a study that a claim's tests and their controls need, in its order.

    A test that names none needs the arms of its panel.
    """
    wanted = _asked(claim)
    return [arm for arm in study.arms if study.fits(arm, wanted)]


def only(names: str | Iterable[str]) -> list[str]:
    """What a study must run for some claims: patterns of arms, and ``experiment/<name>``.

    Args:
        names: ids of claims, or how they begin, such as WGP17-C5 for WGP17-C5a and WGP17-C5b; as one text, with commas
            between them.

    Raises:
        ConfigError: no claim is called so.
    """
    claims, found = list(all_claims(papers().values())), set()
    for name in [n.strip() for n in names.split(",")] if isinstance(names, str) else names:
        own = [claim for claim in claims if name in (claim.id, claim.id[:-1])]
        if not own:
            hint = registry.nearest(name, [claim.id for claim in claims])
            raise ConfigError(f"claims: there is no claim {name!r}{hint}")
        found |= {pattern for claim in own for pattern in _asked(claim)}
    return sorted(found)


def _asked(claim: Claim) -> list[str]:
    """Patterns of the arms of a claim's tests and controls, and the experiments of its panels."""
    found = list(_patterns(claim))
    for test in claim.tests:
        panel = test.panel or claim.panel
        head = registry.panel_metadata(panel) if panel in registry.panels() else registry.UNSAID
        found += [] if test.arms else head["RUNS"]
        found += [f"experiment/{name}" for name in head.get("EXPERIMENTS", [])]
    return found


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
