"""Frozen values that every other package speaks in; no disk, no clock, no sibling imports."""
