"""whypin: every version has a reason, and the reason is checked."""

__version__ = "0.1.0"
