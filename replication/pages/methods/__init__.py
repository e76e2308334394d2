"""How the study works: how often its verdicts are wrong, and what it costs."""

TITLE = "How the study works: errors of verdicts, and cost"
