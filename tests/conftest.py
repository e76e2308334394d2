"""Every test computes with one thread, as every job does: more would only contend for the cores.

No property has a deadline: a busy machine is no fault of the mathematics.
"""

import os

from hypothesis import settings

for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
