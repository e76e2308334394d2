"""How the study works: what it costs."""

CITATION = "How the study works: what it costs"
ARXIV = ""
