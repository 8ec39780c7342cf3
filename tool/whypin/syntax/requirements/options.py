"""Options of a line, under any of the spellings that pip takes, and the hashes among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

from whypin.syntax.requirements.refusal import Refusal, show

#: Every option gets a place, for which the line is searched.
MAX_OPTIONS = 200
#: Shell quoting is taken apart one character at a time.
MAX_QUOTED = 20_000

#: Options of which pip reads one a line, and nothing beside it.
ALONE = frozenset({"--constraint", "--editable", "--requirement"})
PER_REQUIREMENT = frozenset({"--config-settings", "--global-option"})

_SWITCHES = ("--no-index", "--pre", "--prefer-binary", "--require-hashes")
_WITH_VALUES = (
    "--all-releases",
    "--config-settings",
    "--constraint",
    "--editable",
    "--extra-index-url",
    "--find-links",
    "--global-option",
    "--hash",
    "--index-url",
    "--no-binary",
    "--only-binary",
    "--only-final",
    "--requirement",
    "--trusted-host",
    "--uploaded-prior-to",
    "--use-feature",
)
_LONG = {name: name for name in (*_WITH_VALUES, *_SWITCHES)} | {
    "--pypi-url": "--index-url",
    "--config-setting": "--config-settings",
}
_SHORT = {
    "-C": "--config-settings",
    "-c": "--constraint",
    "-e": "--editable",
    "-f": "--find-links",
    "-i": "--index-url",
    "-r": "--requirement",
}
_GONE = {
    "--install-option": "pip dropped it in 23.1: write --config-settings",
    "--no-use-wheel": "pip dropped it: write --no-binary :all:",
    "--use-wheel": "pip dropped it: wheels are the default",
    "--process-dependency-links": "pip dropped it: write name @ URL",
    "--allow-external": "pip dropped it: remove it",
    "--allow-all-external": "pip dropped it: remove it",
    "--allow-unverified": "pip dropped it: remove it",
    "--always-unzip": "pip dropped it: remove it",
    "-Z": "pip dropped it: remove it",
}
_ALGORITHMS = ("sha256", "sha384", "sha512")
#: All the options of nearly every line of a lock; every repeat is possessive, so that time is linear.
_HASHES = re.compile(r"(?>(?:--hash[= ]sha(?:256|384|512):[A-Za-z0-9_=-]++(?: ++|\Z))+)")
_QUOTING = r"[\"'\\]"
_BLANKS = r"[ \t\r\n]+"


class Typed(NamedTuple):
    """An option by its long name, and the word that it was typed as; `value` is `""` for a switch."""

    name: str
    value: str
    word: str


def split(body: str) -> tuple[str, list[Typed], int]:
    """Return what stands before the options of a line, its options, and the number of its hashes."""
    start = 0 if body[0] == "-" else body.find(" -")
    if start < 0:
        return body, [], 0
    head, text = body[:start].rstrip(), body[start:].lstrip()
    if _HASHES.fullmatch(text):
        return head, [], text.count("--hash")
    options, hashes = _read(text)
    return head, options, hashes


def _read(text: str) -> tuple[list[Typed], int]:
    """Return the options, hashes aside, and the number of hashes."""
    options: list[Typed] = []
    hashes = 0
    for option in _typed(iter(_words(text))):
        if option.name == "--hash":
            hashes += 1
            _check_hash(option.value)
        else:
            options.append(option)
        if len(options) > MAX_OPTIONS:
            raise Refusal(f"this line has more than {MAX_OPTIONS} options", "", "write one option a line")
        if option.name == "--config-settings" and "=" not in option.value:
            hint = 'write --config-settings "KEY=VALUE"'
            raise Refusal("--config-settings takes KEY=VALUE", option.value, hint)
    return options, hashes


def _check_hash(value: str) -> None:
    algorithm, colon, _ = value.partition(":")
    if not colon or algorithm not in _ALGORITHMS:
        hint = "write --hash=sha256:… (or sha384, sha512)"
        raise Refusal(f"pip does not take {show(value)} for a hash", value, hint)


def _typed(words: Iterator[str]) -> Iterator[Typed]:
    for word in words:
        if word[:1] != "-" or word in ("-", "--"):
            raise Refusal(f"pip ignores {show(word)} after an option", word, "put it on a line of its own")
        name, value = _option(word)
        if name in _SWITCHES:
            if value is not None:
                raise Refusal(f"{name} takes no value", word, f"write {name}")
        elif value is None:
            value = next(words, None)
            if value is None:
                raise Refusal(f"{name} needs a value", word, f"write {name} VALUE")
        yield Typed(name, value or "", word)


def _option(word: str) -> tuple[str, str | None]:
    """Return the long name of an option as typed, and the value that is joined to it."""
    if word[1] != "-":
        short = _SHORT.get(word[:2])
        return (short, word[2:] or None) if short else _unknown(word[:2])
    typed, equals, value = word.partition("=")
    return _long(typed), value if equals else None


def _long(typed: str) -> str:
    """Return the name that this is or shortens: optparse, and so pip, takes any beginning that only one option has."""
    if typed in _LONG:
        return _LONG[typed]
    names = sorted({name for option, name in _LONG.items() if option.startswith(typed)})
    if len(names) > 1:
        raise Refusal(f"{typed} is short for several options", typed, f"write {' or '.join(names)}")
    return names[0] if names else _unknown(typed)


def _unknown(typed: str) -> NoReturn:
    hint = _GONE.get(typed)
    if hint is None:
        from difflib import get_close_matches

        near = get_close_matches(typed[:80], _LONG, 1, 0.75)
        hint = f"did you mean {near[0]}?" if near else "remove it: pip refuses the file"
    raise Refusal(f"pip knows no option {show(typed)}", typed, hint)


def _words(text: str) -> list[str]:
    target, semicolon, rest = text.partition(" ;")
    if not semicolon or not text.startswith(("-e", "--editable")) or re.search(_QUOTING, target):
        return _shell_words(text)
    # uv writes markers behind editables; shell rules would eat their quotation marks.
    marker, space, options = rest.partition(" --")
    *words, target = _shell_words(target)
    return [*words, target + semicolon + marker, *_shell_words(space + options)]


def _shell_words(text: str) -> list[str]:
    if not re.search(_QUOTING, text):
        return [word for word in re.split(_BLANKS, text) if word]
    if len(text) > MAX_QUOTED:
        raise Refusal("the options of this line are too long to be read")
    import shlex

    try:
        return shlex.split(text)
    except ValueError:
        raise Refusal("a quotation mark or a backslash has no partner", "", "close the quotation") from None
