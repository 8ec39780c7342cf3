"""The calls of whypin that stand in a text, held to the command line itself."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

import click

from whypin import cli

#: `whypin` as a word of its own, not a part of an address or a file name, and what follows it up to the shell's signs.
_CALL = re.compile(r"(?<![\w./@-])whypin(?![\w.@:/-]| @)((?: +(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s|<>&;#\"'`()]+))*)")


def calls(text: str) -> list[str]:
    """Return the calls of whypin in a text, prose aside: only what is code may be given."""
    return [f"whypin{match[1]}" for match in _CALL.finditer(text)]


def accept(call: str | Sequence[str]) -> None:
    """Raise click.UsageError unless the command line takes such a call; nothing is run."""
    _, *words = shlex.split(call) if isinstance(call, str) else call
    group = click.Context(cli.whypin, info_name="whypin")
    name, command, rest = cli.whypin.resolve_command(group, words or ["check"])
    assert command is not None
    command.make_context(name, rest, parent=group)
