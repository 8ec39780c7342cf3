"""URLs as they may be shown."""

from __future__ import annotations


def without_credentials(url: str) -> str:
    """Return a URL or path without user, password and tokens; the bare user name of an ssh URL stays."""
    if "@" not in url and "?" not in url:
        return url
    from whypin.syntax.requirements.credentials import redact

    return redact(url)
