"""Evidence from the panels' numbers, and a study's claims.json from the evidence.

A panel that decides claims has a function ``evidence(table)`` of the table it drew. It is given that
table as its csv holds it, so every verdict can be traced to a file that anyone can open. A function
``remarks(table)`` beside it counts in the same table what a reader must know of a test, and ``controls(table)`` what
an experiment must show before its numbers count: by key of a test, or of a claim for all of its tests, and name of
the control a number per seed. Controls of trained arms are read from the study's controls.csv.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType

import numpy as np
import pandas as pd

from replication.analysis.tracking import ARM
from replication.claims import schema, verdicts
from replication.claims.controls import Measured
from replication.claims.criterion import Criterion
from replication.claims.evidence import EvidenceError, Found, Numbers
from replication.evidence import growing
from replication.plan import registry
from replication.plan.study import Study, spelled_out


def gather(study: Study) -> dict[str, Numbers]:
    """The evidence of all panels of a study, by claim.

    Raises:
        EvidenceError: two panels give evidence for the same test of a claim.
    """
    evidence: dict[str, Numbers] = {}
    tests = _tests()
    for panel, module, table in _speaking(study):
        runs = registry.panel_metadata(panel)["RUNS"]
        for key, values in module.evidence(table).items():
            if key in evidence:
                raise EvidenceError(f"{panel}: {key} has evidence from another panel; keep one")
            if not _awaited(study, (key in tests and tests[key].arms) or runs):
                evidence[key] = values
    return evidence


def _tests() -> dict[str, Criterion]:
    """Every test of every claim by its key."""
    claims = schema.all_claims(schema.papers().values())
    return {key: test for claim in claims for key, test in claim.keys.items()}


def _awaited(study: Study, patterns: Sequence[str]) -> bool:
    """Whether a planned arm of these is not there yet: the verdict may turn on it.

    A data set of which none of them is there is waited for only where the patterns name its arms.
    """
    there = set(growing.whole(study))
    wanted = [arm for arm in study.arms if study.fits(arm, patterns)]
    begun = {arm.partition("/")[0] for arm in wanted if arm in there}
    named = [pattern for pattern in patterns if spelled_out(pattern)]
    return any(
        arm not in there and (arm.partition("/")[0] in begun or study.fits(arm, named))
        for arm in wanted
    )


def remarks(study: Study) -> dict[str, str]:
    """What panels say of the tests that they have evidence for, by claim."""
    found: dict[str, str] = {}
    for _, module, table in _speaking(study):
        found |= module.remarks(table) if hasattr(module, "remarks") else {}
    return found


def controls(study: Study) -> dict[tuple[str, str], Measured]:
    """What the controls of all tests found: by test and control, by place (an arm, or empty) a number per seed.

    Raises:
        EvidenceError: a panel measures a control that no test asks for.
    """
    found = _of_arms(study)
    claims = {claim.id: claim for claim in schema.all_claims(schema.papers().values())}
    for panel, module, table in _speaking(study):
        measured = module.controls(table) if hasattr(module, "controls") else {}
        for name, numbers in measured.items():
            claim = claims.get(name.partition("/")[0])
            keys = [name] if "/" in name or claim is None else list(claim.keys)
            pairs = [(key, control) for key in keys for control in numbers]
            if claim is None or not set(pairs) <= set(claim.controls_of):
                raise EvidenceError(f"{panel}: no test asks for its controls of {name}")
            found |= {(key, control): _by_place(numbers[control]) for key, control in pairs}
    return found


def _by_place(numbers: Numbers) -> Measured:
    """What a panel measured of a control: of all, or by the arms that its evidence names."""
    return numbers if isinstance(numbers, Mapping) else {"": numbers}


def _of_arms(study: Study) -> dict[tuple[str, str], Measured]:
    """The controls of trained arms."""
    table = pd.read_csv(study.paths.table("controls.csv"))
    of_arm = {
        ("/".join(map(str, arm)), str(control)): own["value"].tolist()
        for (*arm, control), own in table.groupby([*ARM, "control"], sort=False)
    }
    return {
        (key, one.control): {
            arm: values
            for (arm, control), values in of_arm.items()
            if control == one.control and study.fits(arm, one.arms)
        }
        for claim in schema.all_claims(schema.papers().values())
        for key, test in claim.keys.items()
        for one in claim.asked_of(test)
        if one.arms
    }


@np.errstate(divide="ignore", invalid="ignore")  # 0 / 0 is NaN, and not measured
def decide(study: Study) -> None:
    """Decide every claim of every paper by a study, and write its claims.json."""
    found = Found(gather(study), remarks(study), controls(study))
    verdicts.claims_json(study, found)


def _speaking(study: Study) -> Iterator[tuple[str, ModuleType, pd.DataFrame]]:
    """Every panel with evidence and its table; those whose table is empty are passed over."""
    for panel in registry.claim_panels():
        table = pd.read_csv(study.paths.panel(panel)[-1])
        if not table.empty:  # else the profile has none of its runs
            yield panel, registry.load_panel(panel), table
