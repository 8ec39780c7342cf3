"""The exit codes: one table."""

from __future__ import annotations

CLEAN = 0  # no finding at error; warnings are allowed
FINDINGS = 1  # findings at error
UNUSABLE = 2  # wrong usage, or input that cannot be read
DEFECT = 3  # a defect in whypin
INTERRUPTED = 130  # stopped by the user
