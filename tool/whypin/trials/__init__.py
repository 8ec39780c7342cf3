"""Trials of other versions: locked, installed and tested in a scratch copy of the project."""
