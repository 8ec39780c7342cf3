"""Which of a site's Markdown extensions the texts of records get: those that only turn text into markup.

A record may come from a stranger. So an extension that reads files, runs code, asks other hosts, or could do so because
nobody here knows it, is left out, and of the others what would make them do so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

#: By the name of an extension, its settings.
Settings = Mapping[str, Mapping[str, Any]]

#: What every text gets, on any site and on none.
FIXED = ("tables", "fenced_code", "sane_lists")

#: With these, words and punctuation alone mean what they mean without: see `prose`.
_WAITING = frozenset(
    {*FIXED, "abbr", "admonition", "attr_list", "codehilite", "def_list", "footnotes", "legacy_em"}
    | {f"pymdownx.{name}" for name in ("betterem", "caret", "details", "escapeall", "highlight", "inlinehilite")}
    | {f"pymdownx.{name}" for name in ("saneheaders", "superfences", "tasklist", "tilde")}
)
_KNOWN = _WAITING | {
    "nl2br",
    "smarty",
    *(f"pymdownx.{name}" for name in ("emoji", "keys", "magiclink", "mark", "quotes", "smartsymbols")),
}
_EXTRA = ("fenced_code", "footnotes", "attr_list", "def_list", "tables", "abbr")
_BUNDLES = {
    "extra": _EXTRA,
    "pymdownx.extra": ("pymdownx.betterem", "pymdownx.superfences", *_EXTRA[1:]),
}
#: Why records never get these, whatever a site says.
NEVER = {
    "md_in_html": "is for raw HTML",
    "pymdownx.b64": "reads files",
    "pymdownx.blocks.html": "is for raw HTML",
    "pymdownx.pathconverter": "changes the addresses of images",
    "pymdownx.snippets": "reads files",
    "toc": "is for the headings of a page",
}
#: Settings that name code to run, or that make the ids of one text depend on others.
_LEFT_OUT = {
    "footnotes": {"UNIQUE_IDS"},
    "pymdownx.superfences": {"custom_fences"},
    "pymdownx.inlinehilite": {"custom_inline"},
}


class Dialect(NamedTuple):
    """The extensions that texts are read with, and their settings; `passed_over` are those of the site that are not."""

    extensions: tuple[str, ...] = FIXED
    settings: Settings = MappingProxyType({})
    passed_over: tuple[str, ...] = ()

    @property
    def leaves_words_alone(self) -> bool:
        """Whether words and punctuation alone mean what they mean with the fixed set."""
        return _WAITING.issuperset(self.extensions)


def short(name: str) -> str:
    """Return the name of an extension as most people write it."""
    return name.partition(":")[0].removeprefix("markdown.extensions.")


def chosen(names: Iterable[object], settings: Settings, trusted: Sequence[str] = ()) -> Dialect:
    """Return what of a site's extensions is for the texts of records.

    `trusted` are further ones that the site vouches for. What is no name, but an object, is the work of a
    plugin and belongs to its pages.
    """
    vouched = {short(name) for name in trusted}
    used: dict[str, Mapping[str, Any]] = {name: {} for name in FIXED}
    passed_over = []
    for written in names:
        if not isinstance(written, str):
            continue
        name, given = short(written), settings.get(written) or {}
        if name in _BUNDLES:
            inner = {short(key): value for key, value in given.items()}
            used |= {one: _tamed(one, inner.get(one) or {}) for one in _BUNDLES[name]}
        elif name in _KNOWN:
            used[name] = _tamed(name, given)
        elif name in vouched and name not in NEVER:
            used[written] = given
        elif name not in NEVER:
            passed_over.append(written)
    if "pymdownx.superfences" in used:
        del used["fenced_code"]
    return Dialect(tuple(used), {name: given for name, given in used.items() if given}, tuple(passed_over))


def _tamed(name: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    if name == "pymdownx.emoji":
        # Pictures would come from another host, or be drawings: the character itself needs neither.
        from pymdownx.emoji import to_alt  # type: ignore[import-untyped]

        return {"emoji_generator": to_alt}
    return {key: value for key, value in given.items() if key not in _LEFT_OUT.get(name, ())}
