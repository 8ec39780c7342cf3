"""Lines added to YAML files that others wrote: every comment and every other byte stays.

Where a file is not written in a way that can be added to safely, nothing is returned, and a person has to do it.
"""

from __future__ import annotations

from typing import Any

_MOST = 200_000


def with_plugin(text: str, lines: str = "whypin") -> str | None:
    """Return a mkdocs.yml that has the plugin `whypin`; None where it can't be added safely.

    Without `plugins` there is the search alone, which has to be named then.
    """
    root = _composed(text)
    if root is None or not _is_mapping(root) or _value(root, "INHERIT") is not None:
        return None
    newline = _newline(text)
    plugins = _value(root, "plugins")
    if plugins is None:
        new = f"{_ended(text, newline)}plugins:{newline}  - search{newline}  - {lines}{newline}"
        return _checked(new, root, "plugins", added=2)
    if plugins.id != "sequence" or not plugins.value:
        return None
    return _checked(_with_item(text, plugins, lines, newline), root, "plugins")


def has_plugin(text: str) -> bool:
    """Whether a mkdocs.yml has the plugin."""
    root = _composed(text)
    plugins = _value(root, "plugins") if root is not None and _is_mapping(root) else None
    if plugins is None:
        return False
    if plugins.id == "mapping":
        return any(key.value == "whypin" for key, _ in plugins.value)
    return plugins.id == "sequence" and any("whypin" in _names(item) for item in plugins.value)


def _names(item: Any) -> list[str]:
    return [key.value for key, _ in item.value] if item.id == "mapping" else [item.value]


def with_hook(text: str, hook: str) -> str | None:
    """Return a .pre-commit-config.yaml with another repository at the end of its `repos`; None where that's not safe.

    `hook` is its block, without indentation, beginning with `- repo:`.
    """
    root = _composed(text)
    repos = _value(root, "repos") if root is not None and _is_mapping(root) else None
    if root is None or repos is None or repos.id != "sequence" or not repos.value or repos.flow_style:
        return None
    newline = _newline(text)
    indent = " " * repos.start_mark.column
    block = "".join(f"{indent}{line}{newline}" for line in hook.splitlines())
    return _checked(_inserted(text, _end_of(text, repos), block, newline), root, "repos")


def _with_item(text: str, plugins: Any, item: str, newline: str) -> str:
    if plugins.flow_style:
        last = plugins.value[-1].end_mark.index
        return f"{text[:last]}, {item}{text[last:]}"
    indent = " " * plugins.start_mark.column
    return _inserted(text, _end_of(text, plugins), f"{indent}- {item}{newline}", newline)


def _end_of(text: str, node: Any) -> int:
    """Return where the line after a block list begins: behind its last word, and before the comments that follow."""
    last = node
    while last.id != "scalar" and last.value and not last.flow_style:
        last = last.value[-1][1] if last.id == "mapping" else last.value[-1]
    at = last.end_mark.index
    if last.id == "scalar" and last.style in ("|", ">"):
        return len(text[:at].rstrip()) + len(_newline(text)) if text[:at].rstrip() != text else at
    return text.find("\n", at) + 1 or len(text)


def _inserted(text: str, at: int, block: str, newline: str) -> str:
    head = text[:at]
    return f"{_ended(head, newline)}{block}{text[at:]}"


def _ended(text: str, newline: str) -> str:
    return text if not text or text.endswith("\n") else text + newline


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _checked(new: str, before: Any, key: str, added: int = 1) -> str | None:
    """Return the new text where it says what was said before, and so many items more under a key."""
    after = _composed(new)
    if after is None or not _is_mapping(after):
        return None
    old, now = _said(before), _said(after)
    items, more = dict(old).get(key, ()), dict(now).get(key, ())
    grown = more[: len(more) - added] == items and len(more) == len(items) + added
    return (
        new if grown and [each for each in old if each[0] != key] == [each for each in now if each[0] != key] else None
    )


def _said(node: Any) -> Any:
    """Return what a node says: tags, styles and places aside for scalars that mean the same."""
    if node.id == "scalar":
        return (node.tag, node.value)
    if node.id == "sequence":
        return tuple(map(_said, node.value))
    return tuple((key.value if key.id == "scalar" else _said(key), _said(value)) for key, value in node.value)


def _composed(text: str) -> Any:
    """Return the root node with its marks, or None for what is no YAML, or is too much of it."""
    import yaml

    if len(text) > _MOST:
        return None

    class Loader(yaml.SafeLoader):
        """Not the C loader, which ends the process where brackets stand deep; and without aliases, which loop."""

        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                raise yaml.YAMLError
            return super().compose_node(parent, index)

    try:
        return yaml.compose(text, Loader=Loader)
    except (yaml.YAMLError, RecursionError):
        return None


def _is_mapping(node: Any) -> bool:
    return bool(node.id == "mapping") and not node.flow_style


def _value(root: Any, key: str) -> Any:
    return next((value for name, value in root.value if name.id == "scalar" and name.value == key), None)
