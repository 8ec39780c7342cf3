"""The only reader and writer of disk and clock: builds a Project from a folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from whypin import locks, manifests
from whypin.errors import WhypinError
from whypin.git.files import files_not_ignored
from whypin.model import glob, graph
from whypin.model.location import Location
from whypin.model.lock import Lock
from whypin.model.manifest import Manifest
from whypin.model.project import Exemptions, InvalidRecord, Project
from whypin.model.record import Record
from whypin.model.settings import Settings
from whypin.model.tree import Problem
from whypin.syntax.text import check_size, decode

if TYPE_CHECKING:
    from whypin.model.advisory import Alerts

Value = TypeVar("Value")

EXEMPTIONS = "exemptions.yaml"
SCHEMA = "record.schema.json"

_ReadRecord = Callable[[str, str], tuple[Record | None, list[Problem]]]

#: What marks a folder as a virtual or conda environment.
_ENVIRONMENT = ("pyvenv.cfg", "conda-meta")

_NEVER_WALKED = frozenset(
    {".git", ".hg", ".svn", ".venv", "venv", ".tox", ".nox", "node_modules", "__pycache__", "site-packages"}
)


def today() -> date:
    """Return the day of the machine's clock."""
    return date.today()


def find_root(start: str = ".") -> str:
    """Return the nearest folder from `start` upwards that has a configuration, else `start` itself."""
    folder = first = os.path.abspath(start)
    while True:
        own, pyproject = os.path.join(folder, "whypin.toml"), os.path.join(folder, "pyproject.toml")
        if os.path.isfile(own) or _is_configured(pyproject):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return first
        folder = parent


def _is_configured(path: str) -> bool:
    """Whether a pyproject.toml has our table; one that cannot be read counts as if it had: the reading will tell."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return False
    if b"whypin" not in data:
        return False
    from whypin.settings.read import read_pyproject

    try:
        # Under the name by which the settings will be read: the text is then parsed once for both.
        return read_pyproject(decode(data, path), "pyproject.toml") is not None
    except WhypinError:
        return True


def _is_readable(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a file, or a link that may lead to one; pipes and links to folders are never opened."""
    return entry.is_file() or (entry.is_symlink() and not os.path.exists(entry.path))


def _is_meant_as_record(entry: os.DirEntry[str]) -> bool:
    """Whether an entry goes by the name of a record, or leads to a folder that may hold some."""
    if entry.name.lower().endswith((".yaml", ".yml")):
        return entry.name != EXEMPTIONS
    return entry.is_symlink() and entry.is_dir()


def _wrong_name(entry: os.DirEntry[str]) -> Problem:
    if entry.is_dir():
        return Problem(1, 1, "links to folders are not followed", "put the records themselves here")
    return Problem(1, 1, "records end in .yaml", f"rename it to {entry.name.rpartition('.')[0]}.yaml")


def _or_exclude(read: Callable[[], Value]) -> Value:
    """Read what detection has found; where it can't be read, say that it may be none of the project's files."""
    try:
        return read()
    except WhypinError as error:
        hint = f"{error.hint}; or, if it is none of this project's files, list it under exclude".lstrip("; ")
        raise WhypinError(error.message, error.where, hint) from None


def _included(read: Iterable[Manifest]) -> set[str]:
    """Return the files that manifests include."""
    return {
        requirement.location.path
        for manifest in read
        for requirement in manifest.requirements
        if requirement.location.path != manifest.path
    }


def _umask() -> int:
    """Return the mask that new files get; it can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _with_folders(path: str) -> list[str]:
    """Return a path and the folders on its way, the outermost first."""
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]


class Workspace:
    """One root folder; every path it takes or gives is relative to the root, with forward slashes."""

    def __init__(self, root: str) -> None:
        if not os.path.isdir(root):
            raise WhypinError(f"{root} is not a folder", hint="give --root an existing folder")
        self.root = os.path.abspath(root)
        self._real_root = os.path.realpath(root)
        self._texts: dict[str, str] = {}
        self._real_folders: dict[str, str] = {}
        self._environments: dict[str, bool] = {}
        self._found: dict[tuple[str, ...], list[str]] = {}
        self._listed_once: list[str] | None = None

    def load(
        self,
        chosen: Sequence[str] = (),
        on_day: date | None = None,
        advisories: str | None = None,
        about: Sequence[str] = (),
    ) -> Project:
        """Read the whole project; the `chosen` locks are read instead of those that would be found.

        `advisories` is the path of the data to hold the locks against: "" for what the environment or the policy names,
        None for none. `about` are ids to look up in it, besides those that waivers name. Raises WhypinError for
        anything that cannot be read. A record that is not one is no such failure: it is part of the project, and a
        finding.
        """
        settings = self.settings()
        records, invalid = self.records(settings)
        read, beside = self.locks(settings, chosen)
        project = Project(
            today=on_day or today(),
            records=records,
            invalid_records=invalid,
            locks=read,
            manifests=beside,
            settings=settings,
            exemptions=self.exemptions(settings),
            files=self.files(records),
            partial=bool(chosen),
            unused_excludes=self._unused_excludes(settings),
        )
        if advisories is not None:
            project.advisories = self._alerts(project, advisories or os.environ.get("WHYPIN_ADVISORIES", ""), about)
        return project

    def alerts(self, project: Project) -> Alerts | None:
        """Return what the advisories that are configured say of a project; None where there are none."""
        return self._alerts(project, os.environ.get("WHYPIN_ADVISORIES", ""), ())

    def _alerts(self, project: Project, given: str, about: Sequence[str]) -> Alerts | None:
        """Return what the advisories at a given path say, else those that the policy names; None without either."""
        path = given or project.settings.policy.advisories
        if not path:
            return None
        if not given:
            self._check_advisories(project.settings)
        from whypin import feed
        from whypin.advisories.audit import audit
        from whypin.model.alert import asked

        index = feed.load(path if given else self._absolute(path), path, max(today(), project.today))
        return audit(index, project.locks, [*asked(project), *about], path)

    def _check_advisories(self, settings: Settings) -> None:
        """Refuse a path of the policy that leads out of the root, or nowhere."""
        path, place = settings.policy.advisories, settings.place("policy", "advisories")
        if not self._inside(path):
            hint = "name them by --advisories or WHYPIN_ADVISORIES where they lie elsewhere"
            raise WhypinError(f"the advisories {path} lie outside the root", place, hint)
        if not os.path.exists(self._absolute(path)):
            hint = "correct advisories, or make the file: whypin advisories update"
            raise WhypinError(f"there are no advisories at {path}", place, hint)

    def settings(self) -> Settings:
        """Return the configuration, or the defaults; raises WhypinError where there are two, or one is wrong."""
        pyproject, own = self._text_or_none("pyproject.toml"), self._text_or_none("whypin.toml")
        if own is None and (pyproject is None or "whypin" not in pyproject):
            return Settings()
        from whypin.settings import read

        table = read.read_pyproject(pyproject, "pyproject.toml") if pyproject is not None else None
        if own is None:
            return table or Settings()
        if table is not None:
            at = table.place()
            raise WhypinError("[tool.whypin] stands here, and there is a whypin.toml too", at, "keep one of the two")
        return read.read_whypin_toml(own, "whypin.toml")

    def records(self, settings: Settings) -> tuple[list[Record], list[InvalidRecord]]:
        """Return the decision records in the order of their ids, and the files that are none."""
        from whypin.records.read import read

        records: list[Record] = []
        invalid: list[InvalidRecord] = []
        seen: dict[str, str] = {}
        for path, entry in self._record_paths(self._records_folder(settings)):
            record, problems = self._record(path, entry, seen, read)
            if record is None:
                invalid.append(InvalidRecord(path, tuple(problems)))
            else:
                records.append(record)
        return sorted(records, key=lambda record: record.id), invalid

    def _records_folder(self, settings: Settings) -> str:
        """Return the folder of the records; one that the settings name has to be there, below the root."""
        folder = settings.records
        if folder != Settings().records:
            if not self._inside(folder):
                message = f"the records folder {folder} lies outside the root"
                raise WhypinError(message, settings.place("records"), "give a folder below the root")
            if not os.path.isdir(self._absolute(folder)):
                message = f"there is no folder {folder} for the records"
                raise WhypinError(message, settings.place("records"), "correct records, or make the folder")
        return folder

    def _record(
        self, path: str, entry: os.DirEntry[str], seen: dict[str, str], read: _ReadRecord
    ) -> tuple[Record | None, list[Problem]]:
        stem = entry.name.rpartition(".")[0]
        if not path.endswith(".yaml"):
            return None, [_wrong_name(entry)]
        if not _is_readable(entry):
            return None, [Problem(1, 1, "neither a file nor a folder of this project", "put the record itself here")]
        if stem in seen:
            return None, [Problem(1, 1, f"the id {stem} is taken by {seen[stem]}", "rename one of the two files")]
        seen[stem] = path
        try:
            if entry.is_symlink():
                self._check_inside(path)
            text = decode(self.as_written(path), path)
        except WhypinError as error:
            if error.where is None:
                raise
            hint = error.hint or "put the record itself here"
            return None, [Problem(error.where.line, error.where.column, error.message, hint)]
        return read(text, path)

    def _record_paths(self, folder: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
        """Yield what goes by the name of a record, sorted, with its folder's entry."""
        if not self._inside(folder):
            raise WhypinError(f"the records folder {folder} lies outside the root", hint="give a folder below the root")
        for entry in self._listed(folder):
            path = f"{folder}/{entry.name}" if folder not in ("", ".") else entry.name
            if entry.is_dir(follow_symlinks=False):
                yield from self._record_paths(path)
            elif _is_meant_as_record(entry):
                yield path, entry

    def _listed(self, folder: str) -> list[os.DirEntry[str]]:
        """Return what is in a folder, hidden names aside; nothing where there is no such folder."""
        try:
            with os.scandir(self._absolute(folder)) as found:
                return sorted((entry for entry in found if entry.name[0] != "."), key=lambda entry: entry.name)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise WhypinError(f"cannot be read: {error.strerror}", Location(folder)) from None

    def exemptions(self, settings: Settings) -> Exemptions:
        """Return the exemptions: lock path to name to versions; raises WhypinError where the file is not right."""
        path = f"{settings.records}/{EXEMPTIONS}"
        text = self._text_or_none(path)
        if text is None:
            return {}
        from whypin.records.exemptions import read

        return read(text, path)

    def files(self, records: Iterable[Record]) -> dict[str, str | Problem]:
        """Return the files that the artifacts of accepted records name: the text, or why there is none to check."""
        accepted = (record for record in records if record.artifacts and record.status == "accepted")
        named = {artifact.file for record in accepted for artifact in record.artifacts if artifact.file}
        return {path: self._text_or_problem(path) for path in sorted(named)}

    def _text_or_problem(self, path: str) -> str | Problem:
        refused = self._refusal(path)
        if refused:
            return Problem(1, 1, f"the path {refused}", "name a file of this project by its path from the root")
        plain = os.path.normpath(path).replace(os.sep, "/")
        absolute = self._absolute(plain)
        if os.path.isdir(absolute):
            return Problem(1, 1, "it is a folder", "name the file in it that holds the version")
        if not os.path.isfile(absolute):
            words = "it is no plain file" if os.path.lexists(absolute) else "there is no such file"
            return Problem(1, 1, words, "correct the path")
        try:
            return self.text(plain)
        except WhypinError as error:
            line = f"line {error.where.line}: " if error.where and error.where.line > 1 else ""
            return Problem(1, 1, f"{line}{error.message}", error.hint or "name a file that can be read")

    def _refusal(self, path: str) -> str | None:
        """Return why the path of an artifact's file is not followed, links followed; None where it is."""
        from whypin.model.artifact import refusal

        refused = refusal(path)
        if refused:
            return refused
        if not self._inside(os.path.normpath(path).replace(os.sep, "/")):
            return "leads out of the project through a link"
        real = os.path.relpath(os.path.realpath(self._absolute(path)), self._real_root)
        return refusal(real.replace(os.sep, "/"))

    def locks(self, settings: Settings, chosen: Sequence[str] = ()) -> tuple[list[Lock], list[Manifest]]:
        """Return the locks with their entries' groups settled, and the manifests.

        `chosen` wins over the configured locks, and those over detection: then the manifests are those that these locks
        fix. With detection they are all that are found. Raises WhypinError for a chosen or configured lock that is not
        there, and for every file that cannot be read.
        """
        read: list[Lock] = []
        found: dict[str, Manifest] = {}
        for path in self._lock_paths(settings, chosen):
            lock = locks.read(self.text(path), path, self.text)
            fixed = self._fixed_by(lock, found)
            found.update((manifest.path, manifest) for manifest in fixed)
            read.append(self._settled(lock, fixed))
        if not chosen and not settings.locks:
            found.update((manifest.path, manifest) for manifest in self._unlocked(settings, read, found))
        return read, list(found.values())

    def _fixed_by(self, lock: Lock, known: Mapping[str, Manifest]) -> list[Manifest]:
        """Return the manifests that a lock fixes, those that are there; pinned requirements may be their own."""
        text = self.text(lock.path)
        fixed: list[Manifest] = []
        for path in manifests.fixed_by(lock, text, self._is_file):
            manifest = known.get(path) or self._manifest_or_none(path)
            if manifest is not None and manifests.fixes(lock, text, manifest):
                if lock.content_hash is not None and manifests.tells_roots(lock, manifest):
                    manifest = manifests.with_hashes(manifest, self.text(path))
                fixed.append(manifest._replace(locks=(*manifest.locks, lock.path)))
        if not fixed and lock.format == "requirements":
            fixed.append(manifests.read(text, lock.path, self.text)._replace(locks=(lock.path,)))
        return fixed

    def _is_file(self, path: str) -> bool:
        return os.path.isfile(self._absolute(path))

    def _manifest_or_none(self, path: str) -> Manifest | None:
        if not self._is_file(path):
            return None
        return manifests.read(self.text(path), path, self.text)

    def _guessed(self, path: str) -> Manifest | None:
        """Return the manifest that a file holds by its name; prose in a file of such a name is none."""
        try:
            return self._manifest_or_none(path)
        except WhypinError:
            if manifests.is_prose(self.text(path), path):
                return None
            raise

    def _settled(self, lock: Lock, fixed: Sequence[Manifest]) -> Lock:
        told = lock.roots is not None or any(entry.member for entry in lock.entries)
        if told and lock.format != graph.PARTLY:
            return graph.settle(lock, None)
        telling = [manifest for manifest in fixed if manifests.tells_roots(lock, manifest)]
        self._check_not_cut_short(lock, telling)
        requirements = [requirement for manifest in telling for requirement in manifest.requirements]
        return graph.settle(lock, requirements if telling else None)

    def _check_not_cut_short(self, lock: Lock, telling: Sequence[Manifest]) -> None:
        """Refuse a uv.lock without any package: uv locks the project itself, where it has a name."""
        name = next((manifest.project for manifest in telling if manifest.project), None)
        if lock.format == "uv" and not lock.entries and name:
            message = f"there is no package in it, not even {name} itself: it is damaged or cut short"
            raise WhypinError(message, Location(lock.path), "run uv lock again")

    def _unlocked(self, settings: Settings, read: Sequence[Lock], fixed: Mapping[str, Manifest]) -> list[Manifest]:
        """Return the manifests with requirements that none of the locks fixes.

        Left out are those that another manifest includes, and requirements files beside a lock: they are its exports.
        """
        with_lock = {lock.path.rpartition("/")[0] for lock in read if lock.format != "requirements"}
        known = {*fixed, *(lock.path for lock in read), *_included(fixed.values())}
        found: list[Manifest] = []
        for path in self._paths(settings.exclude):
            export = locks.is_requirements(path) and path.rpartition("/")[0] in with_lock
            if path not in known and not export and manifests.is_candidate(path):
                manifest = _or_exclude(partial(self._guessed, path))
                if manifest is not None and manifest.requirements:
                    found.append(manifest)
        included = _included(found)
        return [manifest for manifest in found if manifest.path not in included]

    def _lock_paths(self, settings: Settings, chosen: Sequence[str]) -> list[str]:
        if chosen:
            named = [self._existing_lock(self.relative(path), "give --lock an existing file") for path in chosen]
            return list(dict.fromkeys(named))
        plain = [path for path in settings.locks if not glob.is_glob(path)]
        listed = [self._existing_lock(path, "correct locks in the configuration") for path in plain]
        patterns = [path for path in settings.locks if glob.is_glob(path)]
        if settings.locks and not patterns:
            return list(dict.fromkeys(listed))
        found = self.find_locks(settings.exclude, bool(patterns))
        if patterns:
            found = [path for path in found if glob.first_match(patterns, path) is not None]
        return list(dict.fromkeys([*listed, *found]))

    def _existing_lock(self, path: str, hint: str) -> str:
        if not self._is_file(path):
            raise WhypinError("there is no such lock file", Location(path), hint)
        return path

    def find_locks(self, exclude: Sequence[str] = (), beside_others: bool = False) -> list[str]:
        """Return the lock files below the root, sorted; exports beside a lock only where `beside_others`."""
        candidates = [path for path in self._paths(exclude) if locks.is_candidate(path)]
        own = [path for path in candidates if not locks.is_requirements(path)]
        folders = set() if beside_others else {path.rpartition("/")[0] for path in own}
        exports = [
            path for path in candidates if locks.is_requirements(path) and path.rpartition("/")[0] not in folders
        ]
        return sorted([*own, *(path for path in exports if self._is_exact(path))])

    def _is_exact(self, path: str) -> bool:
        """Whether a requirements file is a lock; raises WhypinError for one that cannot be read."""
        text = _or_exclude(partial(self.text, path))
        if not any(mark in text for mark in ("==", "://", "-r", "--req")):
            return False
        try:
            return _or_exclude(partial(locks.is_exact, text, path, self.text))
        except WhypinError:
            if manifests.is_prose(text, path):
                return False
            raise

    def _paths(self, exclude: Sequence[str]) -> list[str]:
        """Return all that may be a lock or a manifest below the root, sorted; looked for once."""
        key = tuple(pattern.rstrip("/") for pattern in exclude)
        if key not in self._found:
            self._found[key] = [path for path in self._candidates() if self._is_read(path, key)]
        return self._found[key]

    def _candidates(self) -> list[str]:
        if self._listed_once is None:
            found = files_not_ignored(self.root, (*locks.PATTERNS, *manifests.PATTERNS))
            self._listed_once = found if found is not None else sorted(self._walk(""))
        return self._listed_once

    def _unused_excludes(self, settings: Settings) -> list[str]:
        """Return the globs that kept nothing from being read; none where nothing was looked for."""
        key = tuple(pattern.rstrip("/") for pattern in settings.exclude)
        if not key or key not in self._found:
            return []
        places = {place for path in self._candidates() for place in _with_folders(path)}
        return [
            given
            for given, pattern in zip(settings.exclude, key, strict=True)
            if not any(glob.matches(pattern, place) for place in places)
        ]

    def _walk(self, folder: str) -> Iterator[str]:
        try:
            with os.scandir(self._absolute(folder)) as found:
                entries = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in found)
        except OSError:
            return
        names = {name for name, _ in entries}
        if not names.isdisjoint(_ENVIRONMENT):
            return
        for name, is_folder in entries:
            path = f"{folder}/{name}" if folder else name
            if is_folder and name not in _NEVER_WALKED:
                yield from self._walk(path)
            elif not is_folder and (locks.is_candidate(path) or manifests.is_candidate(path)):
                yield path

    def _is_read(self, path: str, excluded: Sequence[str]) -> bool:
        *folders, _ = places = _with_folders(path)
        if any(glob.first_match(excluded, place) is not None for place in places) or not self._inside(path):
            return False
        if "{{" in path:  # a template of projects, and none itself
            return False
        return not any(self._is_environment(folder) for folder in folders) and self._is_file(path)

    def _is_environment(self, folder: str) -> bool:
        """Whether a folder is a virtual or conda environment; locks share folders, and each is looked at once."""
        if folder not in self._environments:
            places = (self._absolute(f"{folder}/{mark}") for mark in _ENVIRONMENT)
            self._environments[folder] = any(os.path.exists(place) for place in places)
        return self._environments[folder]

    def text(self, path: str) -> str:
        """Return the text of a file, read once; raises WhypinError where it cannot be read or lies outside the root."""
        if path not in self._texts:
            self._check_inside(path)
            self._texts[path] = self._decode(self.as_written(path), path)
        return self._texts[path]

    def _decode(self, data: bytes, path: str) -> str:
        if locks.is_requirements(path):
            from whypin.syntax.requirements import decode_requirements

            return decode_requirements(data, path)
        return decode(data, path)

    def _text_or_none(self, path: str) -> str | None:
        return self.text(path) if self._is_file(path) else None

    def as_written(self, path: str) -> bytes:
        """Return the bytes of a file of the root; raises WhypinError where it can't be read, or is too large."""
        # Plain system calls: a file object would make twice as many, and there may be thousands of records.
        try:
            file = os.open(self._absolute(path), os.O_RDONLY | getattr(os, "O_BINARY", 0))
            try:
                size = os.fstat(file).st_size
                check_size(size, path)
                data = os.read(file, size + 1)
                while len(data) != size and (more := os.read(file, 1 << 20)):
                    data += more
                return data
            finally:
                os.close(file)
        except OSError as error:
            raise WhypinError(f"cannot be read: {error.strerror}", Location(path)) from None

    def is_text(self, path: str) -> bool:
        """Whether a file of the root can be read as text."""
        try:
            self.text(path)
        except WhypinError:
            return False
        return True

    def holds(self, path: str, text: str) -> bool:
        """Whether a file is there and holds just this text."""
        return self._text_or_none(path) == text

    def write(self, path: str, text: str, new: bool = False) -> None:
        """Write a text file whole or not at all: beside it first, then in its place; a byte order mark stays.

        Raises WhypinError where that can't be done, where the path leads out of the root, and for a `new` file where
        there is one.
        """
        import tempfile

        self._check_inside(path)
        target = os.path.realpath(self._absolute(path))
        folder = os.path.dirname(target)
        temporary = None
        try:
            if new and os.path.lexists(target):
                raise FileExistsError(0, "there is a file of this name already")
            os.makedirs(folder, exist_ok=True)
            mode = os.stat(target).st_mode & 0o777 if os.path.exists(target) else 0o666 & ~_umask()
            bom = os.path.exists(target) and self.as_written(path).startswith(b"\xef\xbb\xbf")
            handle, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(target)}.", dir=folder)
            with os.fdopen(handle, "wb") as file:
                file.write((b"\xef\xbb\xbf" if bom else b"") + text.encode())
            os.chmod(temporary, mode)
            os.replace(temporary, target)
        except OSError as error:
            if temporary is not None and os.path.exists(temporary):
                os.unlink(temporary)
            raise WhypinError(f"cannot be written: {error.strerror}", Location(path)) from None
        self._texts.pop(path, None)

    def check_folder(self, path: str) -> None:
        """Raise WhypinError where nothing can be written in a folder of the root; it need not be there yet."""
        self._check_inside(path)
        there = self._absolute(path)
        while not os.path.lexists(there):
            there = os.path.dirname(there)
        if not os.path.isdir(there) or not os.access(there, os.W_OK | os.X_OK):
            raise WhypinError("no file can be written there", Location(path))

    def _check_inside(self, path: str) -> None:
        if not self._inside(path):
            raise WhypinError("lies outside the root", Location(path), "files are read below the root only")

    def _absolute(self, path: str) -> str:
        return os.path.join(self.root, path)

    def _inside(self, path: str) -> bool:
        """Whether a path leads to a place below the root, links followed; a folder's way is followed once."""
        folder, slash, name = path.rpartition("/")
        folder = folder or slash
        if folder not in self._real_folders:
            self._real_folders[folder] = os.path.realpath(self._absolute(folder))
        real = os.path.join(self._real_folders[folder], name)
        if name in ("", ".", "..") or os.path.islink(real):
            real = os.path.realpath(real)
        return real == self._real_root or real.startswith(self._real_root.rstrip(os.sep) + os.sep)

    def relative(self, path: str) -> str:
        """Return a path that the user typed, relative to the current folder or to the root, as one below the root."""
        for base in (os.getcwd(), self.root):
            relative = os.path.relpath(os.path.join(base, path), self.root).replace(os.sep, "/")
            if not relative.startswith("../") and os.path.exists(self._absolute(relative)):
                return relative
        if os.path.exists(path):
            raise WhypinError(f"{path} lies outside the root {self.root}", hint="give --root a folder above it")
        return os.path.normpath(path).replace(os.sep, "/")
