"""Everything a file says is hostile until it is escaped for the place where it goes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

#: Control characters (C0, DEL, C1), line and paragraph separators, direction marks, and lone surrogates.
_CONTROL = "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"


def one_line(text: str) -> str:
    """Return text for a terminal or a CI log: one line, nothing that moves the cursor or turns the direction.

    `##[` and a leading `::` would be commands to the logs of CI systems: both are broken up.
    """
    visible = text if text.isprintable() else re.sub(_CONTROL, _code, text)
    if "##[" in visible:
        visible = visible.replace("##[", "## [")
    return visible.lstrip().replace("::", ": :", 1) if visible.lstrip().startswith("::") else visible


def _code(match: re.Match[str]) -> str:
    number = ord(match[0])
    if number in (9, 10, 13):
        return " "
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"


def csv_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    line = one_line(text)
    return f"'{line}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else line


#: What Markdown, HTML, tables or mathematics would read as theirs; escaped in a way that every kind of Markdown knows.
_MARKUP = {character: f"\\{character}" for character in "\\`*_[]{}"} | {
    "<": "&lt;",
    ">": "&gt;",
    "&": "&amp;",
    "|": "&#124;",
    "~": "&#126;",
    "$": "&#36;",
}
_NEEDS_ESCAPE = r"[\\`*_\[\]{}<>&|~$]"
#: The beginnings of mentions and references on GitHub and GitLab, and of addresses. They look at the finished page, so
#: that only a character in between helps: one without width.
_REFERENCE = r'[@#!~%$&](?=[\w"])|:(?=//)|\b[Gg][Hh](?=-\d)|\b[Ww]{3}(?=\.)'
_NO_WIDTH = "\u200b"


def markdown_text(text: str) -> str:
    """Return text for one line of Markdown, also within a table: no markup, HTML, link, mention or reference in it."""
    parted = re.sub(_REFERENCE, lambda match: match[0] + _NO_WIDTH, one_line(text))
    return re.sub(_NEEDS_ESCAPE, lambda match: _MARKUP[match[0]], parted).replace(_NO_WIDTH, "&#8203;")


def cut(text: str, length: int) -> str:
    """Return the text, or where it is longer its beginning with an ellipsis."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def workflow_data(text: str) -> str:
    """Return the message of a GitHub workflow command."""
    return one_line(text).replace("%", "%25")


def workflow_property(text: str) -> str:
    """Return a property of a GitHub workflow command; a path comes out as it is, line breaks included."""
    coded = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return one_line(coded.replace(":", "%3A").replace(",", "%2C"))


def xml_text(text: str) -> str:
    """Return text for an element or an attribute of XML: one line of ASCII, whatever the encoding of the output."""
    plain = one_line(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd").replace("&", "&amp;")
    plain = plain.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return plain.encode("ascii", "xmlcharrefreplace").decode("ascii")


def sarif_text(text: str) -> str:
    """Return the text of a SARIF message: one line, in which nothing is a link or the place of an argument."""
    return re.sub(r"\{(?=\d)", "{ ", one_line(text).replace("](", "] ("))


def uri_path(path: str) -> str:
    """Return a relative path as a relative URI; file names that are not UTF-8 keep their bytes."""
    from urllib.parse import quote_from_bytes

    try:
        data = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = path.encode("utf-8", "surrogatepass")
    uri = quote_from_bytes(data, safe="/")
    # Two slashes in front would be the name of a host, and one the root of the machine.
    return f"%2F{uri[1:]}" if uri.startswith("/") else uri


def json_list(items: Iterable[object]) -> str:
    """Return a JSON list with a line for each item; ASCII only, and no `##[` in it."""
    import json

    lines = ",\n".join(f"  {json.dumps(item)}" for item in items)
    return f"[\n{lines}\n]\n".replace("##[", "##\\u005b") if lines else "[]\n"


def json_text(members: Mapping[str, object]) -> str:
    """Return a JSON object with a line for each item of its lists; ASCII only, and no `##[` in it."""
    import json

    parts: list[str] = []
    for key, value in members.items():
        lines = ",\n".join(f"  {json.dumps(item)}" for item in value) if isinstance(value, list) else ""
        text = f"[\n{lines}\n]" if lines else json.dumps(value)
        parts.append(f"{json.dumps(key)}: {text}")
    return "{" + ",\n".join(parts).replace("##[", "##\\u005b") + "}\n"
