"""How the study works: what it costs."""

TITLE = "How the study works: what it costs"
