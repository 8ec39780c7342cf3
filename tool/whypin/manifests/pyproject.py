"""pyproject.toml: what the project asks for, in the tables of the standards and of tools.

Sources: the Python packaging specifications of pyproject.toml and of dependency groups (PEP 621, PEP 735). The tables
of Poetry, uv, PDM, pixi and setuptools are read by a module for each, imported where the file has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from whypin.errors import WhypinError
from whypin.manifests.document import Document
from whypin.manifests.groups import Groups
from whypin.model.location import Location
from whypin.model.lock import MAIN
from whypin.model.manifest import Manifest, Override, Requirement
from whypin.model.names import is_valid, normalise
from whypin.syntax import pep508

MAX_REQUIREMENTS = 100_000
MAX_STEPS = 1_000_000

Load = Callable[[str], str]


def read(text: str, path: str, load: Load | None = None) -> Manifest:
    """Return what a pyproject.toml declares; raises WhypinError with the place of what can't be read.

    `load` gives the text of the requirements files that it takes its dependencies from; without it they are left out.
    Alternatives that PEP 440 can't say (`^1 || ^3`) become the range that spans them. A dependency of Poetry's that is
    optional and in no extra counts as main.
    """
    reader = _Reader(Document(text, path), load)
    project = reader.project()
    requirements: list[Requirement] = []
    for requirement in _without_itself(reader.requirements(), project, path):
        requirements.append(requirement)
        if len(requirements) > MAX_REQUIREMENTS:
            raise WhypinError(f"more than {MAX_REQUIREMENTS:,} requirements, groups and all", Location(path))
    overrides = tuple(reader.all_overrides())
    python, environments = reader.requires_python(), reader.has_environments()
    return Manifest(path, project, tuple(requirements), overrides, python, environments)


def _without_itself(requirements: Iterator[Requirement], project: str | None, path: str) -> Iterator[Requirement]:
    """Yield what is required of others; `all = ["shop[web]"]` in the project shop means what the extra web requires."""
    by_group: dict[str, list[Requirement]] = {}
    asked: dict[str, list[str]] = {}
    for requirement in requirements:
        if requirement.name == project and not requirement.conda:
            asked.setdefault(requirement.group, []).extend(f"extra:{extra}" for extra in requirement.extras)
        else:
            by_group.setdefault(requirement.group, []).append(requirement)
            yield requirement
    steps = 0
    for group in asked:
        seen = {group}
        waiting = list(asked[group])
        while waiting:
            extra = waiting.pop()
            steps += 1
            if extra not in seen:
                seen.add(extra)
                waiting += asked.get(extra, ())
                yield from (requirement._replace(group=group) for requirement in by_group.get(extra, ()))
        if steps > MAX_STEPS:
            raise WhypinError("the extras of the project ask for each other too often to be followed", Location(path))


class _Reader:
    """One document while it is read: the standard tables here, those of tools by their modules."""

    def __init__(self, document: Document, load: Load | None) -> None:
        self.document = document
        self.load = load
        self.tools = document.table("tool")
        self.overrides: list[Override] = []

    def project(self) -> str | None:
        """Return the project's own normalised name, if it has one."""
        for keys in (("project",), ("tool", "poetry")):
            name = self.document.table(*keys).get("name")
            if isinstance(name, str) and is_valid(name):
                return normalise(name)
        return None

    def requirements(self) -> Iterator[Requirement]:
        """Yield main, then extras, then groups; fills in the overrides on the way."""
        if "uv" not in self.tools:
            yield from self._without_sources()
            return
        from whypin.manifests import uv_tables

        sources = uv_tables.Sources(self.document)
        yield from map(sources.apply, self._without_sources())
        self.overrides += uv_tables.overrides(self.document, sources)

    def all_overrides(self) -> Iterator[Override]:
        """Yield the overrides of uv and of included files, then those of PDM and pixi."""
        yield from self.overrides
        if "pdm" in self.tools:
            from whypin.manifests import pdm_tables

            yield from pdm_tables.overrides(self.document)
        if "pixi" in self.tools:
            from whypin.manifests import pixi

            yield from pixi.overrides(self.document.data, self.document.text, self.document.path, ("tool", "pixi"))

    def has_environments(self) -> bool:
        """Whether a tool is told to lock for some environments only, as pixi always is."""
        if "uv" not in self.tools:
            return "pixi" in self.tools
        from whypin.manifests import uv_tables

        return uv_tables.has_environments(self.document) or "pixi" in self.tools

    def requires_python(self) -> str | None:
        """Return what the project asks of Python, by the first table that tells, as PEP 440 text."""
        keys: tuple[str, ...] = ("project", "requires-python")
        text = self.document.string(*keys)
        if not text and "poetry" in self.tools:
            from whypin.manifests import poetry_tables

            if (python := poetry_tables.requires_python(self.document)) is not None:
                return python
        if not text and "pdm" in self.tools:
            keys = ("tool", "pdm", "python_requires")
            text = self.document.string(*keys)
        return self._python(text, keys) or None

    def _python(self, text: str, keys: tuple[str, ...]) -> str:
        """Return a constraint on Python without spaces; the tools also take `>=3.8.*`, which PEP 440 does not."""
        try:
            found = pep508.parse(f"python {text}")
            if not found.extras and not found.marker and not found.url:
                return found.specifier
        except ValueError:
            from whypin.syntax.constraint import as_one, to_pep440

            try:
                return as_one(to_pep440(text))
            except ValueError:
                pass
        raise self.document.error(f"{text!r:.80} is not a constraint on Python", keys, 'write ">=3.11"')

    def _without_sources(self) -> Iterator[Requirement]:
        yield from self._main_and_extras()
        yield from self._groups()
        if "pixi" in self.tools:
            from whypin.manifests import pixi

            yield from pixi.requirements(self.document.data, self.document.text, self.document.path, ("tool", "pixi"))

    def _main_and_extras(self) -> list[Requirement]:
        standard = list(self.document.requirements(MAIN, "project", "dependencies"))
        for extra in self.document.table("project", "optional-dependencies"):
            keys = ("project", "optional-dependencies", extra)
            standard += self.document.requirements(f"extra:{normalise(extra)}", *keys)
        if "setuptools" in self.tools and self.load is not None:
            from whypin.manifests import setuptools_tables

            requirements, overrides = setuptools_tables.dynamic(self.document, self.load)
            standard += requirements
            self.overrides += overrides
        if "poetry" in self.tools:
            from whypin.manifests import poetry_tables

            standard = poetry_tables.main_and_extras(self.document, standard)
        return standard

    def _groups(self) -> Iterator[Requirement]:
        groups = Groups(self.document)
        for name in self.document.table("dependency-groups"):
            groups.add(name, (), ("dependency-groups", name))
            for position, item in enumerate(self.document.array("dependency-groups", name)):
                where = ("dependency-groups", name, position)
                if isinstance(item, dict):
                    groups.include(name, item.get("include-group") if len(item) == 1 else None, where)
                else:
                    groups.add(name, (self.document.requirement(item, "", where),), where)
        keys = ("tool", "uv", "dev-dependencies")
        if self.document.array(*keys):
            groups.add("dev", self.document.requirements("", *keys), keys)
        if "poetry" in self.tools:
            from whypin.manifests import poetry_tables

            poetry_tables.add_groups(self.document, groups)
        if "pdm" in self.tools:
            from whypin.manifests import pdm_tables

            pdm_tables.add_groups(self.document, groups)
        return groups.requirements()
