"""MkDocs hooks for whypin's own site: the reference is written from the code that it describes.

A line `<!-- reference: NAME -->` in a page is replaced by what PARTS gives for the name; every rule gets a page.
Not part of the package: a team that uses the plugin gets its catalogue, and not our reference.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

import click
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files, InclusionLevel

from whypin import cli
from whypin.cli import exit_codes
from whypin.records.format import RECORD
from whypin.rules import RULES, page
from whypin.schema.fields import Field, Object
from whypin.schema.kinds import Kind, ListOf, MapOf
from whypin.settings.format import SETTINGS

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

_MARK = re.compile(r"^<!-- reference: ([a-z-]+) -->$", re.MULTILINE)
_EXIT_CODE = re.compile(r"^[A-Z]+ = (\d+)  # (.+)$", re.MULTILINE)


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add a page for each rule, outside the nav."""
    for rule in RULES:
        text = f"{page(rule)}\n[All rules](index.md)\n"
        path = f"reference/rules/{rule.code}.md"
        files.append(File.generated(config, path, content=text, inclusion=InclusionLevel.NOT_IN_NAV))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Fill in the parts that a page asks for."""

    def part(match: re.Match[str]) -> str:
        if match[1] not in PARTS:
            raise PluginError(f"{page.file.src_uri}: there is no part {match[1]!r}; known are {', '.join(PARTS)}")
        return PARTS[match[1]]()

    return _MARK.sub(part, markdown)


def record_fields() -> str:
    """Return a section for each field of a record, with an example in YAML."""
    return "\n".join(_section(field, _yaml_example(field)) for field in RECORD.fields)


def settings() -> str:
    """Return a section for each setting, with an example in TOML."""
    return "\n".join(_section(field, _toml_example(field)) for field in SETTINGS.fields)


def _section(field: Field, example: str) -> str:
    table = _inner(field.kind)
    facts = [_sentence(field.kind.words)] if table is None else []
    facts.append("Required." if field.required else _default(field))
    blocks = [f"### `{field.name}`", field.doc, f"*{' '.join(filter(None, facts))}*" if any(facts) else "", example]
    if table is not None:
        blocks.append(_fields_table(table))
    return "\n\n".join(filter(None, blocks)) + "\n"


def _inner(kind: Kind) -> Object | None:
    """Return the table of fields that a value or each item of a list is made of."""
    inner = kind.kind if isinstance(kind, ListOf) else kind
    return inner if isinstance(inner, Object) else None


def _fields_table(table: Object) -> str:
    rows = [
        (f"`{field.name}`", field.doc, _sentence(field.kind.words), "yes" if field.required else "")
        for field in table.fields
    ]
    lead = "Exactly one of these keys:\n\n" if table.one_key else ""
    return lead + _table(("Key", "What", "Kind", "Required"), rows)


def _default(field: Field) -> str:
    return f"Default: `{field.default}`." if field.default and isinstance(field.default, (str, int)) else ""


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _yaml_example(field: Field) -> str:
    table = _inner(field.kind)
    if table is None:
        return _fenced("yaml", [f"{field.name}: {field.example}"]) if field.example else ""
    lines = [f"{field.name}:"]
    if not isinstance(field.kind, ListOf):
        lines += [f"  {inner.name}: {inner.example}" for inner in table.fields]
    elif table.one_key:
        lines += [f"  - {inner.name}: {inner.example}" for inner in table.fields]
    else:
        keys = [f"{inner.name}: {inner.example}" for inner in table.fields]
        lines += [f"  - {keys[0]}", *(f"    {key}" for key in keys[1:])]
    return _fenced("yaml", lines)


def _toml_example(field: Field) -> str:
    table = _inner(field.kind)
    if table is not None:
        head = f"[[tool.whypin.{field.name}]]" if isinstance(field.kind, ListOf) else f"[tool.whypin.{field.name}]"
        return _fenced("toml", [head, *(f"{inner.name} = {inner.example}" for inner in table.fields)])
    if isinstance(field.kind, MapOf):
        return _fenced("toml", [f"[tool.whypin.{field.name}]", field.example])
    return _fenced("toml", ["[tool.whypin]", f"{field.name} = {field.example}"])


def rules() -> str:
    """Return the table of all rules."""
    rows = [(f"[{rule.code}]({rule.code}.md)", rule.slug, rule.severity, _summary(page(rule))) for rule in RULES]
    return _table(("Code", "Name", "Severity", "When"), rows)


def _summary(text: str) -> str:
    return text.split("\n\n")[1]


def commands() -> str:
    """Return a section for each command: how it is called, what it does, its options."""
    return "\n".join(section for name in cli.COMMANDS for section in _commands(cli.whypin, name, name))


def _commands(group: click.Group, name: str, path: str) -> Iterator[str]:
    """Yield the section of a command of a group, and those of its own commands."""
    command = group.get_command(click.Context(group), name)
    assert command is not None
    yield _command(command, path)
    if isinstance(command, click.Group):
        for inner in command.list_commands(click.Context(command)):
            yield from _commands(command, inner, f"{path} {inner}")


def _command(command: click.Command, name: str) -> str:
    context = click.Context(command, info_name=f"whypin {name}")
    usage = command.get_usage(context).removeprefix("Usage: ")
    told = [parameter.get_help_record(context) for parameter in command.get_params(context)]
    options = [record for record in told if record and record[1]]  # arguments have none: the usage shows them
    rows = [(f"<code>{escape(option)}</code>", escape(meaning, quote=False)) for option, meaning in options]
    blocks = [f"## whypin {name}", _fenced("text", [usage]), inspect.cleandoc(command.help or "")]
    return "\n\n".join([*blocks, _table(("Option", "Meaning"), rows)] if rows else blocks) + "\n"


def codes() -> str:
    """Return the table of exit codes, from the comments beside them."""
    found = _EXIT_CODE.findall(inspect.getsource(exit_codes))
    return _table(("Code", "Meaning"), [(f"`{code}`", _sentence(meaning)) for code, meaning in found])


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headers, ["---"] * len(headers), *([cell.replace("|", "&#124;") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _fenced(language: str, lines: Sequence[str]) -> str:
    return "\n".join([f"```{language}", *lines, "```"])


PARTS: dict[str, Callable[[], str]] = {
    "record-fields": record_fields,
    "settings": settings,
    "rules": rules,
    "commands": commands,
    "exit-codes": codes,
}
