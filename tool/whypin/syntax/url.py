"""URLs as they may be kept and shown: without credentials."""

from __future__ import annotations

import re

_USER = r"(?i)(ssh)?://([^\s/?#]*)@"
_SECRET = r"(?i)([?&](?:[\w-]{0,40}(?:token|secret|password|passwd|signature|credential|key)|sig|auth)=)[^&#\s]*"


def redact(text: str) -> str:
    """Return the text without the credentials of the URLs in it; the bare user name of an ssh URL stays."""
    if "://" not in text:
        return text
    if "@" in text:
        text = re.sub(_USER, _without_user, text)
    return re.sub(_SECRET, r"\1***", text) if "=" in text else text


def _without_user(match: re.Match[str]) -> str:
    ssh, user = match.groups()
    return match[0] if ssh and ":" not in user and "@" not in user else f"{ssh or ''}://"
