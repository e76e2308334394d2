"""What training leaves behind for good: small files, from which tables, figures, verdicts and pages are made."""
