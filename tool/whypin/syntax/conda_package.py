"""Conda's names, requirements and URLs, as lock files hold them."""

from __future__ import annotations

import re
from typing import NamedTuple

from whypin.syntax.url import redact

MAX_NAME = 200

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")
_NEED = re.compile(r"\s*(?:[^\s\[\]]*::)?([A-Za-z0-9_][A-Za-z0-9_.-]*)(?=[\s\[=<>!~;]|\Z)")
_FILE = re.compile(r"([^/]+)-([^/-]+)-[^/-]+\.(?:conda|tar\.bz2)\Z")
#: Servers of conda packages take a token as a part of the path.
_TOKEN = re.compile(r"/t/[^/]+(?=/|\Z)")


class File(NamedTuple):
    """What the place of a conda package tells: its name and version, and the channel it is from."""

    name: str
    version: str
    channel: str | None


def is_name(text: str) -> bool:
    """Whether this is the name of a conda package: letters, digits and `_-.`, an underscore may come first."""
    return len(text) <= MAX_NAME and _NAME.match(text) is not None


def is_virtual(name: str) -> bool:
    """Whether this is the name of a virtual package, by which conda speaks of the machine (`__glibc`)."""
    return name.startswith("__")


def needed(spec: str) -> str | None:
    """Return the name of the package that a requirement of conda asks for (`python >=3.10`), None where it has none."""
    match = _NEED.match(spec[: MAX_NAME * 2])
    return match[1] if match and len(match[1]) <= MAX_NAME else None


def is_file(place: str) -> bool:
    """Whether a URL or path is that of a built conda package."""
    return place.endswith((".conda", ".tar.bz2"))


def file_of(place: str) -> File | None:
    """Return what a URL or path of a built conda package tells, None where its file name is no such name."""
    folder, _, name = place.rpartition("/")
    match = _FILE.match(_unquoted(name))
    return File(match[1], match[2], channel_of(folder)) if match else None


def channel_of(folder: str) -> str | None:
    """Return the channel of a folder of packages: its URL without the platform, None where it is no URL."""
    return public(folder.rpartition("/")[0]) if "://" in folder else None


def public(url: str) -> str:
    """Return a URL of a channel without credentials, tokens and the slash at its end."""
    if "/t/" in url:
        url = _TOKEN.sub("", url)
    return redact(url).rstrip("/")


def _unquoted(text: str) -> str:
    if "%" not in text:
        return text
    from urllib.parse import unquote

    return unquote(text)
