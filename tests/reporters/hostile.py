"""One table of texts that try to speak to a terminal, a log, a service or a reader; it runs through every format."""

from __future__ import annotations

import re

from whypin.model.finding import Finding, Report, Summary
from whypin.model.location import Location

TEXTS = {
    "escape sequence": "\x1b[31mred",
    "link of a terminal": "\x1b]8;;https://evil.example\x1b\\x\x1b]8;;\x1b\\",
    "escape of C1": "\x9b31m C1",
    "two lines": "two\nlines",
    "carriage return": "carriage\rreturn",
    "both": "carriage\r\nreturn",
    "separators": "line\u2028paragraph\u2029next\u0085line",
    "bell, tab and null": "bell\x07 tab\t null\x00",
    "direction": "\u202eright to left\u2066\u200f",
    "lone surrogate": "lone \ud800 surrogate",
    "bytes that are no UTF-8": "caf\udce9.lock",
    "no characters": "\ufffe\uffff",
    "command": "::error file=x::boo",
    "command on a line of its own": "\n::set-output name=a::b",
    "command behind spaces": "  ::warning::indented",
    "command of old": "##[command]rm",
    "group": "##[group]x",
    "command that goes on": "x,title=y::boo",
    "percent codes": "%0A::error::x%0D%25%3A%2C",
    "end of a script": "</script><script>pwned()</script>",
    "handler": '<img src=x onerror="pwned()">',
    "comment": "<!-- x --> <!--",
    "end of CDATA": "]]>",
    "entity": "&lt;b&gt; &#64;team &amp;",
    "quotes": "\"x\" 'y' `z`",
    "mention": "@team @team/ml ask@example.invalid",
    "reference": "#12 team/repo#12 GH-12 !7 ~label %3 &4 $5",
    "address": "https://evil.example/x www.evil.example",
    "fence": "```\nx\n```",
    "tilde fence": "~~~\nx",
    "code": "`` ` ```",
    "table": "a | b || c\n| --- | --- |",
    "heading": "# one\n\nTwo\n===",
    "list": "- x\n* y\n1. z\n> q",
    "link": "[x](javascript:pwned()) ![x](https://evil.example/pixel.png) [x](1)",
    "reference link": "[x]\n\n[x]: javascript:pwned()",
    "end of the fold": "</details></summary><h1>x</h1>",
    "emphasis": "*a* __b__ ~~c~~ $d$ \\*e",
    "places of arguments": "{0} {{1}} {version}",
    "backslash at the end": "x\\",
    "quick action": "\n/close\n",
    "commas and colons": "a,b:c,d=e",
    "spaces": "  a folder/with  spaces ",
    "no ASCII": "naïve/日本/🙂.lock",
    "like a host": "//evil.example/uv.lock",
    "like a scheme": "javascript:x/uv.lock",
    "query and fragment": "a?b#c&d=e;f",
    "formula": "=1+1",
    "very long": "long " * 20_000,
    "very long word": "x" * 100_000,
    "very long hostile": "@|<" * 30_000,
    "empty": "",
}

#: What no output may hold, to whomever it goes: control characters but line breaks, direction marks, lone surrogates.
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
#: What the logs of CI systems take for a command.
COMMAND = re.compile(r"^\s*::.*|##\[", re.MULTILINE)

SUMMARY = Summary(1, 0, 1, 1, 0, 0, 1)


def finding(text: str) -> Finding:
    """A finding with the text in every place where a text of a file can stand."""
    return Finding(Location(text, 3, 7), text, text, package=text, record=text, code="WHY102", slug="version-mismatch")


def report(*texts: str) -> Report:
    """A report with a finding at error for each of the texts, or for all of the table."""
    return Report(tuple(map(finding, texts or TEXTS.values())), SUMMARY)


def many(number: int) -> Report:
    """A report of that many findings, every second one a warning."""
    found = tuple(
        Finding(
            Location(f"services/{position // 100}/uv.lock", position % 100 + 1),
            f"package-{position} is locked 1.{position}",
            "write a record",
            f"package-{position}",
            None,
            "WHY101",
            "undecided",
            "warning" if position % 2 else "error",
        )
        for position in range(number)
    )
    return Report(found, Summary(number - number // 2, number // 2, number, number, 0, 0, number))
