"""Bytes to text, and the damage that any text file can carry."""

from __future__ import annotations

import re

from whypin.errors import WhypinError
from whypin.model.location import Location

#: Larger inputs are refused: 50 MB of TOML takes ten seconds and 310 MB of memory.
MAX_BYTES = 32 * 1024 * 1024

_CONFLICT = r"(?m)^(?:<{7} |={7}$|>{7} |\|{7} )"


def check_size(size: int, path: str) -> None:
    """Raise WhypinError where a file of that many bytes is too large to be read."""
    if size > MAX_BYTES:
        raise WhypinError(f"the file is too large ({size / 1_048_576:.0f} MB; at most 32 MB is read)", Location(path))


def decode(data: bytes, path: str) -> str:
    """Decode UTF-8 with or without a byte order mark; CRLF becomes LF.

    Raises WhypinError at the line of the first byte that is not UTF-8, or where the file is too large.
    """
    check_size(len(data), path)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise WhypinError("the file is not UTF-8", Location(path, line), "save it as UTF-8") from None
    text = text.removeprefix("\ufeff")
    return text.replace("\r\n", "\n") if "\r" in text else text


def find_conflict(text: str) -> int | None:
    """Return the line of the first unresolved merge conflict marker, if there is one."""
    if "<<<<<<<" not in text and ">>>>>>>" not in text:
        return None
    found = re.search(_CONFLICT, text)
    return line_at(text, found.start()) if found else None


def reject_conflict(text: str, path: str) -> None:
    """Raise WhypinError where the text holds an unresolved merge."""
    line = find_conflict(text)
    if line is not None:
        raise WhypinError("unresolved merge conflict", Location(path, line), "resolve it, then lock again")


def line_at(text: str, position: int) -> int:
    """Return the line, from 1, of a position in the text."""
    return text.count("\n", 0, position) + 1
