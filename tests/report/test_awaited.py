"""A test is decided once the arms that it names are there, whatever else a study still has to train."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from replication.claims import decide
from replication.evidence import growing
from replication.plan.study import Study

STUDY = Study().another("overnight")


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Says which arms have all their evidence."""

    def say(*arms: str) -> None:
        monkeypatch.setattr(growing, "whole", lambda study: list(arms))

    return say


def test_arms_that_are_named_are_waited_for_on_every_data_set(there: Callable[..., None]) -> None:
    own = ["mnist/dcgan_16/gan_ns/search_1", "fashion_mnist/dcgan_16/gan_ns/search_1"]
    there(own[0])
    assert decide._awaited(STUDY, own)
    there(*own)
    assert not decide._awaited(STUDY, own)


def test_an_open_pattern_waits_for_no_data_set_that_was_not_begun(
    there: Callable[..., None],
) -> None:
    every = ["@images/*"]
    mnist = [a for a in STUDY.arms if a.startswith("mnist/") and a not in STUDY.apart]
    there(*mnist)
    assert not decide._awaited(STUDY, every)
    there(*mnist[1:])
    assert decide._awaited(STUDY, every)
    # One arm of a second data set begins it; one that stands apart does not.
    there(*mnist, "fashion_mnist/dcgan_16/gan_ns/search_1")
    assert not decide._awaited(STUDY, every)
    there(*mnist, "fashion_mnist/dcgan_16/gan_ns/paper")
    assert decide._awaited(STUDY, every)
