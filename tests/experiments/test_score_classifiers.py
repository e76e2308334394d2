"""The inception score of logits, over splits."""

import numpy as np
import pandas as pd
import pytest
import torch

from replication.experiments import score_classifiers
from replication.papers.barratt2018 import classifiers


def test_score_against_its_closed_forms() -> None:
    """Certain and varied predictions give the number of classes, equal ones give 1; small splits lose variety."""
    certain = 50 * torch.eye(4).repeat(25, 1)
    whole = score_classifiers.scored(certain, 1)
    assert whole["score"] == pytest.approx(4)
    assert whole["spread"] == pytest.approx(0)
    assert score_classifiers.scored(torch.zeros(100, 4), 5)["score"] == pytest.approx(1)
    assert score_classifiers.scored(certain, 25)["score"] < 4


def test_evidence_by_hand() -> None:
    """Two classifiers, scores 8 and 10 at the usual splits with a spread of 0.5; small splits score less."""
    rows = [
        {"seed": 0, "classifier": c, "splits": n, "images": 100 // n, "score": s - n / 100, "spread": 0.5}
        for c, s in ((0, 8.0), (1, 10.0)) for n in (1, 10, 50)
    ]  # fmt: skip
    found = classifiers.evidence(pd.DataFrame(rows))
    assert found["BAR18-C1"] == pytest.approx([np.sqrt(2) / 0.5])
    assert found["BAR18-C2"] == pytest.approx([1.0])
