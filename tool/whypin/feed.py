"""Where advisories come from: a zip, a folder, the compact index, and, when the user asks, the network."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from typing import IO, TYPE_CHECKING, NoReturn

from whypin.advisories.index import Index, is_index
from whypin.advisories.index import load as load_index
from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.syntax.url import redact

if TYPE_CHECKING:
    from urllib.request import HTTPRedirectHandler
    from zipfile import ZipFile, ZipInfo

    from whypin.advisories.build import Built

#: OSV's bulk export of the advisories about Python packages.
URL = "https://storage.googleapis.com/osv-vulnerabilities/PyPI/all.zip"

#: All of PyPI's advisories, malicious packages among them, are some tens of thousands of files and tens of megabytes.
MAX_ARCHIVE = 512 * 1024 * 1024
MAX_MEMBERS = 500_000
MAX_MEMBER = 8 * 1024 * 1024
MAX_UNPACKED = 2 * 1024 * 1024 * 1024
MAX_INDEX = 64 * 1024 * 1024
#: No advisory is so monotonous; what unpacks to more than that is meant to fill a disk.
_MAX_RATIO = 100
_UNSUSPICIOUS = 1024 * 1024
#: An export has its advisories in one folder, or in one for each letter or year.
_MAX_DEPTH = 20

_ADVISORIES = (".json", ".yaml", ".yml")
_ARCHIVES = (".zip", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".7z", ".zst")
_PIECE = 256 * 1024
#: Seconds without a byte, and seconds in all.
_PATIENCE, _DEADLINE = 30, 15 * 60

Progress = Callable[[int, int | None], None]
Files = Iterator[tuple[str, bytes | str]]


def load(path: str, shown: str, today: date) -> Index:
    """Return the advisories at a path, which messages call `shown`; a zip or a folder is read as `build` reads it."""
    if os.path.isfile(path):
        with _opened(path, shown) as file:
            if is_index(file.read(64)):
                if os.path.getsize(path) > MAX_INDEX:
                    _refuse(shown, "it is too large for an index of advisories")
                file.seek(0)
                return load_index(file.read(), shown)
    return read(path, shown, today).index


def read(path: str, shown: str, today: date) -> Built:
    """Return what an export comes to, given as a zip or a folder; raises WhypinError where it is none."""
    from whypin.advisories.build import build

    if os.path.isdir(path):
        return build(_in_folder(path), shown, today)
    import zipfile

    with _opened(path, shown) as file:
        if os.path.getsize(path) > MAX_ARCHIVE:
            _refuse(shown, "it is too large for an export of advisories")
        if is_index(file.read(64)):
            hint = "give the export to build it from; check reads it as it is: whypin check --advisories FILE"
            raise WhypinError("this is an index already", Location(shown), hint)
        if not zipfile.is_zipfile(file):
            hint = "give OSV's export as a zip or a folder, or what whypin advisories build made of it"
            raise WhypinError("neither a zip nor an index of advisories; is it cut short?", Location(shown), hint)
        try:
            with zipfile.ZipFile(file) as archive:
                return build(_in_zip(archive, shown), shown, today)
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
            _refuse(shown, f"the zip is damaged: {str(error) or 'it is cut short'}")
        except OSError as error:
            _refuse(shown, f"cannot be read: {error.strerror}" if error.strerror else "the zip is damaged")


def _opened(path: str, shown: str) -> IO[bytes]:
    try:
        if os.path.lexists(path) and not os.path.isfile(path):
            _refuse(shown, "it is no plain file")
        return open(path, "rb")
    except FileNotFoundError:
        hint = "correct the path, or make it: whypin advisories update, or whypin advisories build SOURCE"
        raise WhypinError("there are no advisories here", Location(shown), hint) from None
    except OSError as error:
        raise WhypinError(f"cannot be read: {error.strerror}", Location(shown)) from None


def _refuse(shown: str, message: str) -> NoReturn:
    raise WhypinError(message, Location(shown), "fetch the export again: whypin advisories update") from None


def _in_zip(archive: ZipFile, shown: str) -> Files:
    """Yield the advisories of an archive that has been looked at as a whole before anything is unpacked."""
    import lzma
    import zlib

    members = [member for member in archive.infolist() if not member.is_dir()]
    _check(members, shown)
    for member in members:
        name = member.filename.lower()
        if name.endswith(_ARCHIVES):
            yield member.filename, "an archive in the archive is not opened"
        elif name.endswith(_ADVISORIES):
            if member.file_size > MAX_MEMBER:
                yield member.filename, f"it is too large for an advisory ({member.file_size} bytes)"
                continue
            try:
                yield member.filename, archive.read(member)
            except (zlib.error, lzma.LZMAError):
                _refuse(shown, f"the zip is damaged at {member.filename}")


def _check(members: list[ZipInfo], shown: str) -> None:
    """Refuse what no export is: too many files, far too large ones, or names that lead elsewhere."""
    if len(members) > MAX_MEMBERS:
        _refuse(shown, f"there are too many files in the zip ({len(members)})")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        _refuse(shown, "the zip unpacks to far more than an export of advisories")
    for member in members:
        if member.file_size > _UNSUSPICIOUS and member.file_size > _MAX_RATIO * max(member.compress_size, 1):
            _refuse(shown, f"{member.filename} unpacks to {member.file_size} bytes, far more than an advisory")
        # zipfile has turned backslashes to slashes where the system writes paths by them; elsewhere they stay.
        parts = member.filename.replace("\\", "/").split("/")
        if parts[0] == "" or ".." in parts or ":" in parts[0]:
            _refuse(shown, f"the zip has a file named {member.filename}, which leads out of it")


def _in_folder(path: str, depth: int = 0) -> Files:
    """Yield the advisories below a folder by their paths in it, sorted; links are not followed."""
    with os.scandir(path) as found:
        entries = sorted((entry for entry in found if entry.name[0] != "."), key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if depth == _MAX_DEPTH:
                yield entry.name, "a folder as deep as this is not looked into"
                continue
            yield from ((f"{entry.name}/{name}", data) for name, data in _in_folder(entry.path, depth + 1))
        elif entry.is_symlink() and os.path.isdir(entry.path):
            yield entry.name, "links are not followed"
        elif entry.name.lower().endswith(_ADVISORIES):
            yield entry.name, _file(entry)


def _file(entry: os.DirEntry[str]) -> bytes | str:
    if not entry.is_file(follow_symlinks=False):
        return "links are not followed" if entry.is_symlink() else "it is no plain file"
    try:
        if entry.stat().st_size > MAX_MEMBER:
            return "it is too large for an advisory"
        with open(entry.path, "rb") as file:
            return file.read(MAX_MEMBER)
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def build(source: str, output: str) -> Built:
    """Make the compact index of an export, and write it whole or not at all."""
    built = read(source, source, date.today())
    _write(output, built.index.dump())
    return built


def update(url: str, output: str, progress: Progress) -> Built:
    """Fetch an export over https and write its index; whatever goes wrong, what was there before stays."""
    import tempfile

    folder = os.path.dirname(os.path.abspath(output))
    try:
        os.makedirs(folder, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".whypin-", dir=folder) as place:
            fetched = os.path.join(place, "all.zip")
            _fetch(url, fetched, progress)
            built = read(fetched, redact(url), date.today())
            _write(output, built.index.dump())
            return built
    except OSError as error:
        raise WhypinError(f"cannot be written: {error.strerror}", Location(output)) from None


def _fetch(url: str, target: str, progress: Progress) -> None:
    import http.client
    import ssl
    import time
    import urllib.error
    import urllib.request

    shown = redact(url)
    _check_https(url, shown)
    agent = {"User-Agent": "whypin", "Accept": "application/zip, */*"}
    opener = urllib.request.build_opener(_redirects())
    ends = time.monotonic() + _DEADLINE
    try:
        with (
            opener.open(urllib.request.Request(url, headers=agent), timeout=_PATIENCE) as answer,
            open(target, "wb") as file,
        ):
            total = _length(answer.headers.get("Content-Length"))
            received = 0
            if (total or 0) > MAX_ARCHIVE:
                _not_fetched(shown, "the answer is too large")
            # read1 gives what there is: read would wait for a whole piece, however slowly that comes. It does not know
            # where the answer ends on a connection that stays open.
            while received != total and (piece := answer.read1(_PIECE)):
                received += len(piece)
                if received > MAX_ARCHIVE:
                    _not_fetched(shown, "the answer is too large")
                if time.monotonic() > ends:
                    _not_fetched(shown, "the answer takes too long")
                file.write(piece)
                progress(received, total)
    except urllib.error.HTTPError as error:
        _not_fetched(shown, f"the server says {error.code} {error.reason}")
    except urllib.error.URLError as error:
        _not_fetched(shown, str(error.reason))
    except (http.client.HTTPException, ssl.SSLError, ConnectionError, TimeoutError, ValueError) as error:
        _not_fetched(shown, str(error) or type(error).__name__)
    if total is not None and received != total:
        _not_fetched(shown, f"the answer ends after {received} of {total} bytes")


def _length(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 16 else None


def _not_fetched(shown: str, why: str) -> NoReturn:
    hint = "the advisories that were there are as they were; try again, or give another --url"
    raise WhypinError(f"{shown} could not be fetched: {why}", hint=hint) from None


def _check_https(url: str, shown: str) -> None:
    if not url.lower().startswith("https://"):
        raise WhypinError(f"{shown} is not an https address", hint="advisories are fetched over https only")
    if "@" in url.split("/")[2]:
        raise WhypinError(
            f"{shown} was given with a name or password in it", hint="that is not supported: leave it out"
        )


def _redirects() -> HTTPRedirectHandler:
    """Return a handler that follows redirects to https only."""
    import urllib.request
    from email.message import Message

    class Handler(urllib.request.HTTPRedirectHandler):
        def redirect_request(
            self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
        ) -> urllib.request.Request | None:
            _check_https(newurl, redact(newurl))
            return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]

    return Handler()


def _write(output: str, data: bytes) -> None:
    """Write a file whole or not at all: beside it first, then in its place."""
    import tempfile

    target = os.path.realpath(output)
    temporary = None
    try:
        if os.path.isdir(target):
            raise WhypinError(f"{output} is a folder", hint="give --output a file")
        os.makedirs(os.path.dirname(target), exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(target)}.", dir=os.path.dirname(target))
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, target)
    except OSError as error:
        raise WhypinError(f"cannot be written: {error.strerror}", Location(output)) from None
    finally:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)
