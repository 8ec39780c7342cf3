"""What a shell offers for the word that is being typed: asked for on every press of the key, so it never complains."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from click.shell_completion import CompletionItem

from whypin.model.names import record_key


def complete(kind: str, typed: Mapping[str, Any], incomplete: str) -> list[CompletionItem]:
    """Return what completes a word of a kind; nothing where it can't be found out.

    `typed` are the values of the options before it. A `dir` or a `file` is left to the shell.
    """
    if kind not in _FINDERS:
        return [CompletionItem(incomplete, type=kind)]
    try:
        found = sorted(_FINDERS[kind](typed))
    except Exception:
        # The command itself will say what is wrong; here it would stand in the middle of the line that is typed.
        return []
    starts = (incomplete, record_key(incomplete))
    return [CompletionItem(name) for name in found if name.startswith(starts)]


def _records(typed: Mapping[str, Any]) -> Iterable[str]:
    from whypin import app

    return app.record_ids(typed.get("root"))


def _packages(typed: Mapping[str, Any]) -> Iterable[str]:
    from whypin import app

    project = app.load(typed.get("root"), typed.get("locks") or ())
    return {package.name for package in project.packages if not package.member}


_FINDERS: Mapping[str, Callable[[Mapping[str, Any]], Iterable[str]]] = {"record": _records, "package": _packages}
