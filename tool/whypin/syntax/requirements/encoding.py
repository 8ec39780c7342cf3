"""Bytes to text, as pip tells encodings: by a mark, by a comment, or else UTF-8."""

from __future__ import annotations

import re

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.syntax.requirements.refusal import show
from whypin.syntax.text import MAX_BYTES, decode

# The marks of UTF-32 come first: in little endian it begins with that of UTF-16.
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_UTF8_MARK = b"\xef\xbb\xbf"
_CODING = rb"#[^\n]*?coding[:=][ \t]*([-\w.]+)"
#: Codecs that are no character sets: their output says something else than the bytes show, or takes square time.
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"})


def decode_requirements(data: bytes, path: str) -> str:
    """Decode by byte order mark (UTF-8, UTF-16, UTF-32), else by a PEP 263 `coding` comment, else as UTF-8.

    CRLF becomes LF. Raises WhypinError where the bytes are not what they claim to be.
    """
    if len(data) > MAX_BYTES or data.startswith(_UTF8_MARK):
        return decode(data, path)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_as(data[len(mark) :], encoding, Location(path))
    for line, start in enumerate(data[:4096].split(b"\n", 2)[:2], 1):
        if found := re.match(_CODING, start):
            return _decode_as(data, found[1].decode("ascii"), Location(path, line))
    return decode(data, path)


def _decode_as(data: bytes, encoding: str, where: Location) -> str:
    import codecs

    try:
        charset = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        charset = ""
    if not charset or charset.replace("_", "-") in _NO_CHARSETS:
        raise WhypinError(f"unknown encoding {show(encoding)}", where, "save it as UTF-8")
    try:
        return data.decode(charset).replace("\r\n", "\n")
    except (ValueError, LookupError):
        raise WhypinError(f"the file is not {charset.upper()}", where, "save it as UTF-8") from None
