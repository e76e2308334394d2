"""One file per net: `generator` and the ``ROLES`` of its other side, all with a leading seeds axis or for one seed."""
