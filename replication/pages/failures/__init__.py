"""How training fails, in the runs of this study."""

CITATION = "Failure modes: how training fails, in the runs of this study"
ARXIV = ""
