"""What an adopted repository gets besides its policy and records: a site, and what CI, hooks and pull requests need."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from whypin.adopt import pages, places, splice
from whypin.workspace import Workspace

_SITES = ("site", "decisions-site", "whypin-site")
_TEMPLATES = (".github/pull_request_template.md", ".github/PULL_REQUEST_TEMPLATE.md", "pull_request_template.md")


class Write(NamedTuple):
    """One file to write, whole; `before` is what it holds today, None where there is none; `what` says what it is."""

    path: str
    text: str
    what: str
    before: str | None = None


def as_written(workspace: Workspace, path: str) -> str:
    """Return a text with the ends of its lines as they are: what is not added to stays byte for byte."""
    workspace.text(path)
    return workspace.as_written(path).decode().removeprefix("\ufeff")


class Furnishing:
    """What is to be written and said, in the making; `records` is the folder of the records.

    `version` is whypin's, and `repository` where it is got from, by its URL.
    """

    def __init__(self, workspace: Workspace, records: str, version: str, repository: str | None) -> None:
        self.workspace = workspace
        self.records = records
        self.version = version
        self.repository = repository
        self.writes: list[Write] = []
        self.notes: list[str] = []
        self.by_hand: list[tuple[str, str]] = []

    def plan(self, theme: str | None) -> None:
        """Plan it all; the site has a theme where there is to be one."""
        if theme is not None:
            self._site(theme)
        self._hook()
        self._ci()
        self._template()

    def _exists(self, path: str) -> bool:
        return os.path.lexists(os.path.join(self.workspace.root, path))

    def _new(self, path: str, text: str, what: str) -> None:
        if not self._exists(path):
            self.writes.append(Write(path, text, what))

    def _site(self, theme: str) -> None:
        existing = next((name for name in ("mkdocs.yml", "mkdocs.yaml") if self._exists(name)), None)
        if existing is not None:
            self._plugin(existing)
            return
        ignored = self._text(".gitignore") or ""
        for folder in _SITES:
            files = pages.site(folder, self.records, theme)
            if not places.hides(ignored, folder) and self._is_free(folder, files):
                break
            self.notes.append(f"{folder}/ is {'hidden by .gitignore' if places.hides(ignored, folder) else 'taken'}")
        else:
            self.notes.append("no site is written: there is no folder for it")
            return
        if folder != _SITES[0]:
            self.notes[-1] += f": the pages of the site go to {folder}/"
        if not places.hides(ignored, "build"):
            self.notes.append("the site is built in build/: list it in .gitignore")
        for path, text in files.items():
            what = "the site of your decisions" if path == "mkdocs.yml" else "a page of the site, to be edited"
            self._new(path, text, what)

    def _is_free(self, folder: str, files: Mapping[str, str]) -> bool:
        """Whether there is no such folder, or only what an earlier run began to write."""
        names = names_in(self.workspace, folder)
        return not names or any(self.workspace.holds(path, text) for path, text in files.items())

    def _plugin(self, path: str) -> None:
        text = self._text(path)
        if text is None or splice.has_plugin(text):
            return
        before = as_written(self.workspace, path)
        new = splice.with_plugin(before)
        if new is None:
            self.by_hand.append((f"{path}: add the plugin", "plugins:\n  - whypin\n"))
        else:
            self.writes.append(Write(path, new, "the plugin whypin: the catalogue, at catalogue/", before))

    def _hook(self) -> None:
        path = ".pre-commit-config.yaml"
        text = self._text(path)
        if text is None or "whypin" in text:
            return
        hook = places.hook(self.version, self.repository, self.records)
        before = as_written(self.workspace, path)
        new = splice.with_hook(before, hook) if self.repository else None
        if new is None:
            self.by_hand.append((f"{path}: add the hook under repos, with the place where you get whypin from", hook))
        else:
            self.writes.append(Write(path, new, "the hook whypin-check", before))

    def _ci(self) -> None:
        path = ".github/workflows/whypin.yml"
        if os.path.isdir(os.path.join(self.workspace.root, ".github/workflows")):
            self._new(path, places.workflow(self.version, self.repository), "whypin check in GitHub Actions")
        text = self._text(".gitlab-ci.yml")
        if text is not None and "whypin" not in text:
            job = places.gitlab_job(self.version, self.repository)
            self.by_hand.append((".gitlab-ci.yml: add the job", job))

    def _template(self) -> None:
        path = next((path for path in _TEMPLATES if self._text(path) is not None), None)
        if path is not None and "whypin" not in self.workspace.text(path):
            before = as_written(self.workspace, path)
            text = places.with_section(before, places.template_section(self.records))
            self.writes.append(Write(path, text, "a section on dependencies", before))

    def _text(self, path: str) -> str | None:
        return self.workspace.text(path) if os.path.isfile(os.path.join(self.workspace.root, path)) else None


def names_in(workspace: Workspace, folder: str) -> set[str] | None:
    """Return what is in a folder, hidden names aside; None where nothing goes by its name."""
    path = os.path.join(workspace.root, folder)
    if not os.path.lexists(path):
        return None
    if not os.path.isdir(path) or os.path.islink(path):
        return {""}
    return {name for name in os.listdir(path) if not name.startswith(".")}
