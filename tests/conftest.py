"""Every test computes with one thread, as every job does: more would only contend for the cores.

No property has a deadline: a busy machine is no fault of the mathematics.
"""

import os
import sys

import pytest
from hypothesis import settings

for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


#: A folder in which one costly thing is made for all tests: on several workers these stay together.
SHARING = "report"


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests of that folder to one worker."""
    for item in items:
        if SHARING in item.path.parts:
            item.add_marker(pytest.mark.xdist_group(SHARING))


@pytest.fixture(autouse=True)
def smallest_numbers_are_kept() -> None:
    """What a job sets for its own process, to round denormals to 0, must not outlive the test that ran it."""
    if "torch" in sys.modules:
        sys.modules["torch"].set_flush_denormal(False)
