"""Is my result normal? How training fails, in the runs of this study."""

CITATION = "Is my result normal?: how training fails, in the runs of this study"
ARXIV = ""
