"""What a requirements file says: requirements, options, and the files that were read."""

from __future__ import annotations

from typing import NamedTuple

from whypin.model.location import Location
from whypin.model.lock import Source


class Option(NamedTuple):
    """One option of the file by its long name, such as `--index-url`; `value` is `""` for a switch."""

    name: str
    value: str
    location: Location


class ParsedRequirement(NamedTuple):
    """One requirement where it stands, which may be in an included file.

    `name` is normalised, or None where only a build could tell. `specifier` is PEP 440 text. `version` is set by
    `==X` without a star, by `===X`, and by the file name of a wheel or source archive. `ref` is the URL, path or
    `URL@revision`, `commit` the full hash where the revision is one. `hashes` counts. `options` are those of this
    requirement (`--config-settings`, `--global-option`). `comment` stands beside it, `via` holds the sources that a
    resolver noted: normalised names, or text such as `-r requirements.in` and `shop (pyproject.toml)`. `index_url`
    is the one that uv noted for this requirement alone.
    """

    name: str | None
    specifier: str
    version: str | None
    location: Location
    extras: tuple[str, ...] = ()
    marker: str | None = None
    source: Source = "registry"
    ref: str | None = None
    commit: str | None = None
    editable: bool = False
    hashes: int = 0
    options: tuple[tuple[str, str], ...] = ()
    comment: str = ""
    via: tuple[str, ...] = ()
    index_url: str | None = None

    @property
    def local(self) -> bool:
        """Whether it is a path: what the project carries itself."""
        return self.source in ("editable", "directory", "path")


class RequirementsFile(NamedTuple):
    """A requirements file with all that it includes, in the order of reading.

    `index_url` is the index in force: the last `--index-url`, None where there is none or `--no-index` stands anywhere.
    `constraints` name the files of `-c` (not read: they declare nothing), relative to the root where they lie below
    it. `files` are the files that were read, the file itself first.
    """

    path: str
    requirements: tuple[ParsedRequirement, ...]
    options: tuple[Option, ...] = ()
    constraints: tuple[Option, ...] = ()
    index_url: str | None = None
    files: tuple[str, ...] = ()
