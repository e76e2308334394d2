"""How training fails, in the runs of this study."""

TITLE = "Failure modes: how training fails, in the runs of this study"
