"""Panels, tables and pages from the files of a study; nothing here trains or measures."""
