"""Requirements files, read as pip reads them; nothing is fetched, no variable is expanded, no credential is kept.

Lines as people and tools write them are read with a few expressions; only the odd ones pay for the packaging library.
Expressions that few files need are kept as text, and compiled by their first use: start-up time is a feature.
Sources: pip's own requirements file reader and its documentation; PEP 508 and PEP 440.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple, NoReturn

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.model.lock import MAIN, Source
from whypin.model.names import is_valid, normalise
from whypin.syntax.text import MAX_BYTES, decode, reject_conflict

Load = Callable[[str], str]

MAX_DEPTH = 50
MAX_REQUIREMENT = 10_000
MAX_MARKER = 65_536
MAX_OPTIONS = 200
MAX_OPTIONS_TEXT = 1_000_000
#: Shell quoting is taken apart one character at a time.
MAX_QUOTED = 20_000
MAX_VERSION = 200


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


def parse(text: str, path: str, load: Load) -> RequirementsFile:
    """Read a requirements file and the files it includes.

    `load` returns the text of another file, by its path relative to the root. Raises WhypinError at the place of
    whatever pip would refuse, and of what it would silently leave out.
    """
    reader = _Reader(load)
    reader.read(text, path, ())
    return RequirementsFile(
        path,
        tuple(reader.requirements),
        tuple(reader.options),
        tuple(reader.constraints),
        None if reader.no_index else reader.index,
        tuple(reader.files),
    )


# --- bytes, names and credentials ----------------------------------------------------------------------------------

# The marks of UTF-32 come first: in little endian it begins with that of UTF-16.
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_CODING = rb"#[^\n]*?coding[:=][ \t]*([-\w.]+)"
#: Codecs that are no character sets: their output says something else than the bytes show, or takes square time.
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"})


def decode_requirements(data: bytes, path: str) -> str:
    """Decode by byte order mark (UTF-8, UTF-16, UTF-32), else by a PEP 263 `coding` comment, else as UTF-8.

    CRLF becomes LF. Raises WhypinError where the bytes are not what they claim to be.
    """
    if len(data) > MAX_BYTES:
        return decode(data, path)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_as(data[len(mark) :], encoding, path)
    if not data.startswith(b"\xef\xbb\xbf"):
        for line, start in enumerate(data[:4096].split(b"\n", 2)[:2], 1):
            found = re.match(_CODING, start)
            if found:
                return _decode_as(data, found[1].decode("ascii", "replace"), path, line)
    return decode(data, path)


def _decode_as(data: bytes, encoding: str, path: str, line: int = 1) -> str:
    import codecs

    try:
        charset = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        charset = ""
    if not charset or charset.replace("_", "-") in _NO_CHARSETS:
        raise WhypinError(f"unknown encoding {_show(encoding)}", Location(path, line), "save it as UTF-8")
    try:
        return data.decode(charset).replace("\r\n", "\n")
    except (ValueError, LookupError):
        raise WhypinError(f"the file is not {charset.upper()}", Location(path, line), "save it as UTF-8") from None


_USER = re.compile(r"://([^\s/?#]*)@")
_SECRET = r"(?i)([?&](?:[\w-]{0,40}(?:token|secret|password|passwd|signature|credential|key)|sig|auth)=)[^&#\s]*"


def redact(text: str) -> str:
    """Return the text without the credentials of the URLs in it; the bare user name of an ssh URL stays."""
    if "@" in text:
        text = _USER.sub(_without_user, text)
    return re.sub(_SECRET, r"\1***", text) if "=" in text and "://" in text else text


def _without_user(match: re.Match[str]) -> str:
    over_ssh = match.string[max(0, match.start() - 3) : match.start()].lower() == "ssh"
    return match[0] if over_ssh and ":" not in match[1] and "@" not in match[1] else "://"


_GROUPS = {
    "dev": "dev",
    "development": "dev",
    "test": "test",
    "tests": "tests",
    "testing": "test",
    "docs": "docs",
    "doc": "docs",
    "lint": "lint",
    "typing": "typing",
    "ci": "ci",
}


def group_of(path: str) -> str:
    """Return the group that a file name tells: `requirements-dev.txt` and `requirements/dev.in` are `group:dev`.

    Only names that are about development tell one (`development`, `testing` and `doc` are the short names of
    themselves); everything else is `main`.
    """
    folder, _, name = path.lower().rpartition("/")
    stem, _, ending = name.rpartition(".")
    words = stem.replace("_", "-").replace(".", "-").split("-")
    if len(words) == 2 and "requirements" in words:
        words.remove("requirements")
    elif folder.rpartition("/")[2] != "requirements":
        return MAIN
    group = _GROUPS.get(words[0]) if len(words) == 1 and ending in ("txt", "in", "lock") else None
    return f"group:{group}" if group else MAIN


_HOSTED = r"/([^/@]+)/(?:-/)?(?:archive|tarball|zipball|(?:legacy\.)?(?:zip|tar\.gz))/"


def name_of(requirement: ParsedRequirement) -> str | None:
    """Return the name, or else what its URL or path is called: the repository, or the last folder.

    None for the project itself (`.`), for a path whose last part is no name, and where a URL tells nothing.
    """
    if requirement.name is not None or requirement.ref is None:
        return requirement.name
    where = requirement.ref.partition("#")[0].partition("?")[0].replace("\\", "/").rstrip("/")
    if requirement.local:
        last = where.rpartition("/")[2]
    elif requirement.source == "git" or re.match(_VCS, where):
        last = _behind_host(where).partition("@")[0].rpartition("/")[2].removesuffix(".git")
    else:
        hosted = re.search(_HOSTED, where)
        last = hosted[1].removesuffix(".git") if hosted else ""
    return normalise(last) if is_valid(last) else None


def named(file: RequirementsFile) -> list[tuple[str, ParsedRequirement]]:
    """Return the requirements with their names, those of URLs and paths told as well as can be.

    The project itself (`.`) and a local path that tells no name are left out: nobody chooses a version of those.
    Raises WhypinError at a URL that tells no name.
    """
    found = []
    for requirement in file.requirements:
        name = name_of(requirement)
        if name is not None:
            found.append((name, requirement))
        elif not requirement.local:
            raise WhypinError("no package name can be told from this URL", requirement.location, "write name @ URL")
    return found


# --- one file after another ----------------------------------------------------------------------------------------


class _Reader:
    """What the files have given so far."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.requirements: list[ParsedRequirement] = []
        self.options: list[Option] = []
        self.constraints: list[Option] = []
        self.files: list[str] = []
        self.index: str | None = None
        self.no_index = False

    def read(self, text: str, path: str, parents: tuple[str, ...]) -> None:
        """Read one file; `parents` are those that are being read, outermost first."""
        self.files.append(path)
        reject_conflict(text, path)
        _File(self, text.removeprefix("\ufeff"), path, (*parents, path)).read()


class _Typed(NamedTuple):
    """An option by its long name, and the word that it was typed as."""

    name: str
    value: str
    word: str


class _File:
    """One requirements file while it is read."""

    def __init__(self, reader: _Reader, text: str, path: str, stack: tuple[str, ...]) -> None:
        self.reader = reader
        self.path = path
        self.stack = stack
        self.lines = text.splitlines()
        self.starts = _starts(text) if _is_cut_oddly(text, self.lines) else None
        self.pending: ParsedRequirement | None = None
        self.notes: list[str] = []
        self.first = 0
        self.text = ""

    def read(self) -> None:
        """Read every statement, and the comments that follow each."""
        for first, text in _logical_lines(self.lines):
            self.first, self.text = first, text
            body, comment = _split_comment(text) if "#" in text else (text, None)
            body = body.strip()
            if body:
                self._finish()
                self._statement(body, comment or "")
            elif comment is None:
                self._finish()
            elif self.pending is not None:
                self.notes.append(comment)
        self._finish()

    def _finish(self) -> None:
        """Add the last requirement, now that the comments below it are known."""
        found = self.pending
        if found is None:
            return
        if self.notes or found.comment:
            comment, via, index = _annotations(found.comment, self.notes)
            found = found._replace(comment=comment, via=via, index_url=index)
            self.notes = []
        self.reader.requirements.append(found)
        self.pending = None

    def _statement(self, body: str, comment: str) -> None:
        options: list[_Typed] = []
        hashes = 0
        at = 0 if body[0] == "-" else body.find(" -") + 1
        if at == 0 and body[0] != "-":
            head = body
        elif _HASHES.fullmatch(body, at):
            head, hashes = body[:at].rstrip(), body.count("--hash", at)
        else:
            head, (options, hashes) = body[:at].rstrip(), self._options(body[at:])
        if head:
            self._named(head, options, hashes, comment)
        elif any(option.name == "--editable" for option in options):
            self._editable(options, comment)
        elif hashes:
            self.fail("this --hash belongs to no requirement", "--hash", "end the line before it with a backslash")
        else:
            self._apply(options)

    def _named(self, head: str, options: list[_Typed], hashes: int, comment: str) -> None:
        own = []
        for name, value, word in options:
            if name in _ALONE:
                self.fail(f"pip ignores {name} beside a requirement", word, "put it on a line of its own")
            if name in _PER_REQUIREMENT:
                own.append((name, value))
        found = self._requirement(head)
        if found.ref and re.search(_HASH_IN_URL, head):
            hashes += 1
        if hashes or own or comment:
            found = found._replace(hashes=hashes, options=tuple(own), comment=comment)
        self.pending = found

    def _editable(self, options: list[_Typed], comment: str) -> None:
        own = tuple([(name, value) for name, value, _ in options if name in _PER_REQUIREMENT])
        target, *more = [option for option in options if option.name not in _PER_REQUIREMENT]
        if more:
            self.fail(f"pip ignores {_show(more[0].word)} here", more[0].word, "put each option on a line of its own")
        path, _, marker = target.value.partition(" ;")
        found = self._reference(path.strip(), None, (), self._marker(marker), editable=True)
        self.pending = found._replace(options=own, comment=comment)

    def _apply(self, options: list[_Typed]) -> None:
        """Note the options of the file, and read what it includes."""
        for name, value, word in options:
            if name in _ALONE and len(options) > 1:
                self.fail(f"pip reads nothing else beside {name}", word, "put each option on a line of its own")
            where = self.place(word)
            self.reader.options.append(Option(name, redact(value), where))
            if name == "--index-url":
                self.reader.index = redact(value)
            elif name == "--no-index":
                self.reader.no_index = True
            elif name == "--constraint":
                inside = self._resolve(value)
                self.reader.constraints.append(Option(name, inside or redact(value), where))
            elif name == "--requirement":
                self._include(value, where)

    def _resolve(self, value: str) -> str | None:
        """Return a path beside this file as one relative to the root; None where it is a URL or lies outside."""
        value = value.replace("\\", "/")
        if re.match(_FETCHED, value) or value.startswith("/") or value[1:2] == ":":
            return None
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), value))
        return None if path == ".." or path.startswith(("../", "/")) else path

    def _include(self, value: str, where: Location) -> None:
        path = self._resolve(value)
        if re.match(_FETCHED, value):
            what = f"whypin fetches nothing, and so cannot include {_show(value)}"
            raise WhypinError(what, where, "save it below the root and include that")
        if path is None or re.search(_CONTROL, value):
            what = f"the included file {_show(value)} lies outside the root"
            raise WhypinError(what, where, "include files below the root only")
        if path in self.stack:
            raise WhypinError(f"{_show(path)} includes itself", where, "remove this line")
        if len(self.stack) >= MAX_DEPTH:
            raise WhypinError(f"files are included more than {MAX_DEPTH} deep", where, "include fewer files")
        if path not in self.reader.files:
            self.reader.read(self._load(path, where), path, self.stack)

    def _load(self, path: str, where: Location) -> str:
        """Return the text of an included file; where it cannot be read at all, the place is here."""
        try:
            return self.reader.load(path)
        except WhypinError as error:
            if error.where is not None and error.where != Location(path):
                raise
            hint = error.hint or "correct the path: it is relative to this file"
            raise WhypinError(f"the included file {_show(path)}: {error.message}", where, hint) from None

    # --- places and failures ---------------------------------------------------------------------------------------

    def place(self, token: str = "") -> Location:
        """Return where the statement starts, or the place of a word in it."""
        offset = _offset_of(token, self.text) if token else -1
        if offset < 0:
            offset = len(self.text) - len(self.text.lstrip())
        index = self.first
        part, shift, goes_on = _part(self.lines[index])
        while goes_on and offset >= len(part) and index + 1 < len(self.lines):
            offset -= len(part)
            index += 1
            part, shift, goes_on = _part(self.lines[index])
        line, before = self.starts[index] if self.starts else (index + 1, 0)
        return Location(self.path, line, before + max(0, offset + shift) + 1)

    def fail(self, message: str, token: str = "", hint: str = "") -> NoReturn:
        """Raise WhypinError at the token, or where the statement starts."""
        raise WhypinError(message, self.place(token), hint)

    # --- options ---------------------------------------------------------------------------------------------------

    def _options(self, text: str) -> tuple[list[_Typed], int]:
        """Return the options by their long names, hashes aside, and the number of hashes."""
        options: list[_Typed] = []
        hashes = 0
        for option in self._split_options(text):
            if option.name == "--hash":
                hashes += 1
                self._check_hash(option.value)
            else:
                options.append(option)
            if len(options) > MAX_OPTIONS:
                self.fail(f"this line has more than {MAX_OPTIONS} options", "", "write one option a line")
            if option.name == "--config-settings" and "=" not in option.value:
                self.fail("--config-settings takes KEY=VALUE", option.value, 'write --config-settings "KEY=VALUE"')
        return options, hashes

    def _check_hash(self, value: str) -> None:
        algorithm, colon, _ = value.partition(":")
        if not colon or algorithm not in ("sha256", "sha384", "sha512"):
            self.fail(
                f"pip does not take {_show(value)} for a hash", value, "write --hash=sha256:… (or sha384, sha512)"
            )

    def _split_options(self, text: str) -> Iterator[_Typed]:
        words, position = self._words(text), 0
        while position < len(words):
            word = words[position]
            position += 1
            if len(word) < 2 or word[0] != "-" or word == "--":
                self.fail(f"pip ignores {_show(word)} after an option", word, "put it on a line of its own")
            name, value = self._option(word)
            if name in _SWITCHES:
                if value is not None:
                    self.fail(f"{name} takes no value", word, f"write {name}")
                value = ""
            elif value is None:
                if position == len(words):
                    self.fail(f"{name} needs a value", word, f"write {name} VALUE")
                value = words[position]
                position += 1
            yield _Typed(name, value, word)

    def _option(self, word: str) -> tuple[str, str | None]:
        """Return the long name of an option as typed, and the value that is joined to it."""
        if word[1] != "-":
            short = _SHORT.get(word[:2])
            return (short, word[2:] or None) if short else self._unknown(word[:2])
        typed, equals, value = word.partition("=")
        # optparse, and so pip, takes any beginning that only one option has.
        names = sorted({long for option, long in _LONG.items() if option.startswith(typed)})
        if typed in _LONG or len(names) == 1:
            return _LONG.get(typed) or names[0], value if equals else None
        if names:
            self.fail(f"{typed} is short for several options", typed, f"write {' or '.join(names)}")
        return self._unknown(typed)

    def _unknown(self, typed: str) -> NoReturn:
        hint = _GONE.get(typed)
        if hint is None:
            from difflib import get_close_matches

            near = get_close_matches(typed[:80], _LONG, 1, 0.75)
            hint = f"did you mean {near[0]}?" if near else "remove it: pip refuses the file"
        self.fail(f"pip knows no option {_show(typed)}", typed, hint)

    def _words(self, text: str) -> list[str]:
        if len(text) > (MAX_QUOTED if _QUOTING.search(text) else MAX_OPTIONS_TEXT):
            self.fail("the options of this line are too long to be read")
        target, semicolon, rest = text.partition(" ;")
        if not semicolon or not text.startswith(("-e", "--editable")) or _QUOTING.search(target):
            return self._shell_words(text)
        # uv writes markers behind editables; shell rules would eat their quotation marks.
        at = rest.find(" --")
        marker, options = (rest, "") if at < 0 else (rest[:at], rest[at:])
        words = self._shell_words(target)
        words[-1] += semicolon + marker
        return words + self._shell_words(options)

    def _shell_words(self, text: str) -> list[str]:
        if not _QUOTING.search(text):
            return [word for word in re.split(_BLANKS, text) if word]
        import shlex

        try:
            return shlex.split(text)
        except ValueError:
            self.fail("a quotation mark or a backslash has no partner", "", "close the quotation")

    # --- requirements ----------------------------------------------------------------------------------------------

    def _requirement(self, head: str) -> ParsedRequirement:
        """Read one requirement without its options, in the order in which pip tells the kinds apart."""
        text, _, marker = head.partition("; " if _URL.match(head) else ";")
        text = text.strip()
        pin = _PIN.fullmatch(text)
        found = pin or re.fullmatch(_PLAIN, text)
        if found is None or (found[3] is None and text.lower().endswith(_ARCHIVES)):
            return self._unusual(text, self._marker(marker))
        if len(text) > MAX_REQUIREMENT or len(found[1]) > MAX_VERSION:
            self.fail("the requirement is too long to be read")
        return ParsedRequirement(
            normalise(found[1]),
            f"=={found[3]}" if pin else _tight(found[3]),
            self._version(found[3] if pin else _exact(found[3])),
            self.place(),
            self._extras(found[2]) if found[2] else (),
            self._marker(marker),
        )

    def _unusual(self, text: str, marker: str | None) -> ParsedRequirement:
        if len(text) > MAX_REQUIREMENT:
            self.fail("the requirement is too long to be read")
        if re.search(_CONTROL, text):
            self.fail("the requirement holds a control character", "", "type the line again")
        if _URL.match(text):
            return self._reference(text, None, (), marker)
        direct = re.fullmatch(_DIRECT, text)
        if direct and (_URL.match(direct[3]) or _is_path(direct[3]) or "://" in direct[3]):
            return self._reference(direct[3], normalise(direct[1]), self._extras(direct[2]), marker)
        if _is_path(text):
            return self._reference(text, None, (), marker)
        return self._by_library(text, marker)

    def _by_library(self, text: str, marker: str | None) -> ParsedRequirement:
        from packaging.requirements import Requirement

        try:
            found = Requirement(text)
        except (ValueError, RecursionError):
            self.fail(f"{_show(text)} is not a requirement", "", _advice(text))
        if found.url or not is_valid(found.name) or "[" in str(found.specifier):
            self.fail(f"{_show(text)} is not a requirement", "", _advice(text))
        specifier = str(found.specifier)
        version = self._version(_exact(specifier))
        extras = tuple(sorted(map(normalise, found.extras)))
        return ParsedRequirement(normalise(found.name), specifier, version, self.place(), extras, marker)

    def _version(self, version: str | None) -> str | None:
        if version is not None and len(version) > MAX_VERSION:
            self.fail("the version is too long to be one")
        return version

    def _extras(self, text: str | None) -> tuple[str, ...]:
        names = [name.strip() for name in (text or "").split(",")]
        if names == [""]:
            return ()
        for name in names:
            if not is_valid(name):
                self.fail(f"{_show(name)} is not the name of an extra", text or "", "write name[extra,extra]")
        return tuple(sorted(set(map(normalise, names))))

    def _marker(self, text: str) -> str | None:
        """Return an environment marker as it stands; fails where it is none."""
        text = text.strip()
        if text and not _is_marker(text):
            if len(text) > MAX_MARKER or _depth(text) > MAX_DEPTH:
                self.fail("the marker is too long or nested too deeply to be read", text)
            self._check_marker(text)
        return text or None

    def _check_marker(self, text: str) -> None:
        from packaging.markers import Marker

        try:
            Marker(text)
        except (ValueError, RecursionError):
            self.fail(f"{_show(text)} is not an environment marker", text, 'write ; python_version < "3.12"')

    def _reference(
        self, text: str, name: str | None, extras: tuple[str, ...], marker: str | None, *, editable: bool = False
    ) -> ParsedRequirement:
        """Read a URL, a repository or a path; `name` is the one before the `@`, where there is one."""
        if editable and name is None and (direct := re.fullmatch(_DIRECT, text)):
            name, extras, text = normalise(direct[1]), self._extras(direct[2]), direct[3]
        if editable and re.match(_BARE_VCS, text):
            text = f"{text.partition(':')[0]}+{text}"
        self._check_reference(text, editable)
        main, _, fragment = text.partition("#")
        egg = self._egg(fragment)
        if egg:
            name, extras = name or egg[0], extras or egg[1]
        if re.match(_VCS, main):
            found = _repository(main, fragment, name, extras)
            return found._replace(location=self.place(), marker=marker, editable=editable)
        bracket = re.fullmatch(_BRACKETS, main)
        if bracket:
            main, extras = bracket[1], extras or self._extras(bracket[2])
        name, version = self._by_file_name(main, name)
        version = self._version(version or (egg[2] if egg else None))
        ref = redact(main) + _subdirectory(fragment)
        source = _source_of(main, editable)
        return ParsedRequirement(name, "", version, self.place(), extras, marker, source, ref, None, editable)

    def _check_reference(self, text: str, editable: bool) -> None:
        remote = _URL.match(text)
        if not text or (remote and (re.search(_WHITE, text) or text[remote.end() :] in ("", "/", "//"))):
            self.fail(f"{_show(text)} is not a URL or path", "", "write name @ URL, without spaces in the URL")
        if not remote and "://" in text:
            self.fail(
                f"pip cannot fetch {_show(text)}", "", "begin it with https:// or, for a repository, git+https://"
            )
        if editable and remote and not re.match(_VCS, text) and not text.lower().startswith("file:"):
            self.fail(f"{_show(text)} cannot be editable", "", "-e takes a folder or a repository; remove -e")
        if editable and not remote and re.search(_OPERATOR, text):
            self.fail(f"{_show(text)} cannot be editable", "", "-e takes a folder or a repository; remove -e")

    def _egg(self, fragment: str) -> tuple[str, tuple[str, ...], str | None] | None:
        """Return name, extras and pinned version of `#egg=…`, where there is one."""
        for part in fragment.split("&") if "egg=" in fragment else ():
            key, _, value = part.partition("=")
            if key == "egg":
                found = re.fullmatch(_EGG, _unquote(value))
                if not found:
                    self.fail(f"egg={_show(value)} is not a package name", part, "write name @ URL instead")
                return normalise(found[1]), self._extras(found[2]), found[3]
        return None

    def _by_file_name(self, main: str, name: str | None) -> tuple[str | None, str | None]:
        """Return name and version as the file name of a wheel or source archive tells them."""
        path = main.partition("?")[0].replace("\\", "/")
        stem = _unquote(path.rpartition("/")[2])
        if stem.lower().endswith(".whl"):
            found = _wheel(stem)
            if found is None and name is None:
                self.fail(f"{_show(stem)} is not the file name of a wheel", "", "give it the name it was built with")
        else:
            found = _source_archive(stem) if name is not None or not re.search(_HOSTED, path) else None
        if found is None or (name is not None and found[0] != name):
            return name, None
        return found


# --- lines ---------------------------------------------------------------------------------------------------------


def _is_cut_oddly(text: str, lines: list[str]) -> bool:
    """Whether something else than a line feed (or CRLF) ends a line: pip then counts other lines than editors do."""
    return text.count("\n") + (text[-1:] not in ("", "\n")) != len(lines)


def _starts(text: str) -> list[tuple[int, int]]:
    """Return for each line of `str.splitlines` the line of an editor and how many characters of it come before."""
    starts = []
    line, column = 1, 0
    for piece in text.splitlines(keepends=True):
        starts.append((line, column))
        ended = piece[-1] in "\n\r"
        line, column = (line + 1, 0) if ended else (line, column + len(piece))
    return starts


def _is_comment(line: str) -> bool:
    return "#" in line and line.lstrip()[0] == "#"


def _part(line: str) -> tuple[str, int, bool]:
    """Return what a line adds to a statement, what to add to an offset in it for the column, and if more follows."""
    if _is_comment(line):
        return " " + line, -1, False
    if line[-1:] != "\\":
        return line, 0, False
    return line.strip("\\"), len(line) - len(line.lstrip("\\")), True


def _logical_lines(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield statements with the position of their first line: backslashes join, a comment line ends what they join."""
    parts: list[str] = []
    first = 0
    for position, line in enumerate(lines):
        part, _, goes_on = _part(line) if line[-1:] == "\\" or (parts and "#" in line) else (line, 0, False)
        if not parts:
            first = position
        if goes_on:
            parts.append(part)
        elif parts:
            parts.append(part)
            yield first, "".join(parts)
            parts = []
        else:
            yield position, part
    if parts:
        yield first, "".join(parts)


def _offset_of(token: str, text: str) -> int:
    """Return where a word stands; of one that lost its quotation marks on the way, what comes before the `=`."""
    word = re.search(rf"(?<!\S){re.escape(token)}(?!\S)", text)
    return word.start() if word else text.find(token.partition("=")[0])


def _split_comment(text: str) -> tuple[str, str | None]:
    """Return what stands before a comment and the comment after its `#`, which needs white space before it."""
    at = text.find("#")
    while at > 0 and not text[at - 1].isspace():
        at = text.find("#", at + 1)
    return (text, None) if at < 0 else (text[:at], text[at + 1 :])


_VIA_SOURCE = (
    r"(?:-[rc]|--requirements?|--constraints?|--overrides?) \S.*"
    r"|([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:\[[^\]]*\])?(?P<file> ?\([^()]+\))?"
    r"|\([^()]+\)"
)


def _annotations(comment: str, notes: list[str]) -> tuple[str, tuple[str, ...], str | None]:
    """Return the comment in someone's own words, the sources after `via`, and the index after `from`."""
    own, via, index = comment.strip(), [], None
    going_on = False
    for position, note in enumerate([comment, *notes]):
        words = note.strip()
        if words == "via" or words.startswith("via "):
            found = _via_sources(words[4:])
            going_on = found is not None
            via += found or []
            own = "" if position == 0 and going_on else own
        elif going_on and note.startswith("  "):
            found = _via_sources(words)
            going_on = found is not None
            via += found or []
        else:
            going_on = False
            if position and words.startswith("from ") and "://" in words and len(words.split()) == 2:
                index = redact(words[5:].strip())
    return redact(own), tuple(dict.fromkeys(via)), index


def _via_sources(text: str) -> list[str] | None:
    """Return the sources that a `via` names, or None where this is a sentence and no list of them."""
    sources = []
    for item in text.split(",") if text else ():
        found = re.fullmatch(_VIA_SOURCE, item.strip())
        if not found or len(item) > 1000:
            return None
        sources.append(normalise(found[1]) if found[1] and not found["file"] else redact(item.strip()))
    return sources


# --- options -------------------------------------------------------------------------------------------------------

_LONG = {
    name: name
    for name in (
        "--all-releases",
        "--config-settings",
        "--constraint",
        "--editable",
        "--extra-index-url",
        "--find-links",
        "--global-option",
        "--hash",
        "--index-url",
        "--no-binary",
        "--no-index",
        "--only-binary",
        "--only-final",
        "--pre",
        "--prefer-binary",
        "--require-hashes",
        "--requirement",
        "--trusted-host",
        "--uploaded-prior-to",
        "--use-feature",
    )
} | {"--pypi-url": "--index-url", "--config-setting": "--config-settings"}
_SHORT = {
    "-C": "--config-settings",
    "-c": "--constraint",
    "-e": "--editable",
    "-f": "--find-links",
    "-i": "--index-url",
    "-r": "--requirement",
}
_SWITCHES = frozenset({"--no-index", "--pre", "--prefer-binary", "--require-hashes"})
_PER_REQUIREMENT = frozenset({"--config-settings", "--global-option"})
#: Options of which pip reads one a line, and nothing beside it.
_ALONE = frozenset({"--constraint", "--editable", "--requirement"})
_GONE = {
    "--install-option": "pip dropped it in 23.1: write --config-settings",
    "--no-use-wheel": "pip dropped it: write --no-binary :all:",
    "--use-wheel": "pip dropped it: wheels are the default",
    "--process-dependency-links": "pip dropped it: write name @ URL",
    "--allow-external": "pip dropped it: remove it",
    "--allow-all-external": "pip dropped it: remove it",
    "--allow-unverified": "pip dropped it: remove it",
    "--always-unzip": "pip dropped it: remove it",
    "-Z": "pip dropped it: remove it",
}
_HASHES = re.compile(r"(?:--hash[= ]sha(?:256|384|512):[A-Za-z0-9_=-]++(?: ++|\Z))++")
_QUOTING = re.compile(r"[\"'\\]")
_BLANKS = r"[ \t\r\n]+"

# --- requirements --------------------------------------------------------------------------------------------------

_NAME = r"[A-Za-z0-9]++(?:[._-]++[A-Za-z0-9]++)*+"
_EXTRAS = r"\[([A-Za-z0-9._\-, \t]*+)\]"
_RELEASE = r"[0-9]++(?:\.[0-9]++)*+"
_SUFFIX = r"(?:(?:a|b|rc)[0-9]++)?+(?:\.post[0-9]++)?+(?:\.dev[0-9]++)?+"
_LOCAL = r"(?:\+[A-Za-z0-9]++(?:[._-][A-Za-z0-9]++)*+)?+"
_SPECIFIER = (
    rf"(?:[=!]=[ \t]*+(?:{_RELEASE}\.\*|{_RELEASE}{_SUFFIX}{_LOCAL})"
    rf"|[<>]=?+[ \t]*+{_RELEASE}{_SUFFIX}|~=[ \t]*+[0-9]++(?:\.[0-9]++)++{_SUFFIX})"
)
#: Name, extras and a pinned version, as in every line of a lock. Every repeat is possessive: time is linear.
_PIN = re.compile(rf"({_NAME})(?:[ \t]*+{_EXTRAS})?+[ \t]*+==[ \t]*+({_RELEASE}{_SUFFIX}{_LOCAL})")
_PLAIN = rf"({_NAME})(?:[ \t]*+{_EXTRAS})?+(?:[ \t]*+({_SPECIFIER}(?:[ \t]*+,[ \t]*+{_SPECIFIER})*+))?+"
_DIRECT = rf"({_NAME})[ \t]*+(?:{_EXTRAS})?+[ \t]*+@[ \t]*+(\S+)"
_URL = re.compile(r"(?:https?|ftp|file):|(?:git|hg|svn|bzr)\+", re.IGNORECASE)
_FETCHED = r"(?i:[A-Za-z][A-Za-z0-9+.-]{0,40}://|(?:https?|ftp|file):)"
_VCS = r"(?i:(git|hg|svn|bzr)\+)"
_BARE_VCS = r"(?i:(?:git|hg|svn|bzr):)"
_EGG = rf"({_NAME})(?:\[([^\]]*)\])?(?:==([^\s=*,;]+))?"
_BRACKETS = r"([^\[]+)\[([^\[\]]+)\]"
_COMMIT = r"[0-9a-fA-F]{40}(?:[0-9a-fA-F]{24})?"
_HASH_IN_URL = r"[#&]sha(?:256|384|512)=[0-9a-fA-F]"
_OPERATOR = r"[<>=!~]=|[<>]"
_WHITE = r"\s"
_CONTROL = "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
_WINDOWS = r"[A-Za-z]:[\\/]"
_ARCHIVES = (
    ".whl",
    ".zip",
    ".tar.gz",
    ".tgz",
    ".tar.bz2",
    ".tbz",
    ".tar.xz",
    ".txz",
    ".tlz",
    ".tar.lz",
    ".tar.lzma",
    ".tar",
)


def _tight(specifier: str | None) -> str:
    return "".join(specifier.split()) if specifier else ""


def _exact(specifier: str | None) -> str | None:
    """Return the one version that the specifiers pin, if they do."""
    pins = set()
    for part in _tight(specifier).split(","):
        if part.startswith("==="):
            pins.add(part[3:])
        elif part.startswith("==") and not part.endswith("*"):
            pins.add(part[2:])
    return pins.pop() if len(pins) == 1 else None


def _is_path(text: str) -> bool:
    """Whether pip would look for a file or folder of that name; it looks at the disk, this at the text alone."""
    bare = text.partition("[")[0]
    if re.search(_OPERATOR, bare) or "://" in bare:
        return False
    if bare[:1] in (".", "/") or re.match(_WINDOWS, bare) or bare.lower().endswith(_ARCHIVES):
        return True
    return ("/" in bare or "\\" in bare.strip("\\")) and bare[:1] != "\\" and not re.search(_WHITE, bare)


def _source_of(main: str, editable: bool) -> Source:
    if editable:
        return "editable"
    if _URL.match(main) and not main.lower().startswith("file:"):
        return "url"
    return "path" if main.lower().endswith(_ARCHIVES) else "directory"


def _repository(main: str, fragment: str, name: str | None, extras: tuple[str, ...]) -> ParsedRequirement:
    """Read `git+URL@revision`; what is not git keeps its prefix, which its source does not tell."""
    kind, _, url = main.partition("+")
    before, _, revision = _behind_host(url).rpartition("@")
    revision = revision if before else ""
    git = kind.lower() == "git"
    return ParsedRequirement(
        name,
        "",
        None,
        Location(""),
        extras,
        source="git" if git else "url",
        ref=redact(url if git else main) + _subdirectory(fragment),
        commit=revision.lower() if re.fullmatch(_COMMIT, revision) else None,
    )


def _behind_host(url: str) -> str:
    """Return the path of a repository and its revision, also where it is written as ssh does: `git@host:path`."""
    return url.partition("://")[2].partition("/")[2] if "://" in url else url.partition(":")[2]


def _subdirectory(fragment: str) -> str:
    parts = [part for part in fragment.split("&") if part.startswith("subdirectory=")]
    return f"#{parts[0]}" if parts else ""


def _unquote(text: str) -> str:
    if "%" not in text:
        return text
    from urllib.parse import unquote

    return unquote(text)


def _wheel(file_name: str) -> tuple[str, str] | None:
    """Return normalised name and version of a wheel's file name (PEP 427)."""
    parts = file_name[:-4].split("-")
    if len(parts) == 6 and not parts[2][:1].isdigit():
        return None
    return _name_and_version(parts[0], parts[1]) if len(parts) in (5, 6) else None


def _source_archive(file_name: str) -> tuple[str, str] | None:
    """Return normalised name and version of a source archive's file name."""
    ending = next((ending for ending in _ARCHIVES if file_name.lower().endswith(ending)), "")
    name, _, version = file_name[: -len(ending)].rpartition("-") if ending else ("", "", "")
    return _name_and_version(name, version)


def _name_and_version(name: str, version: str) -> tuple[str, str] | None:
    if not is_valid(name) or not 0 < len(version) <= MAX_VERSION:
        return None
    if not re.fullmatch(f"{_RELEASE}{_SUFFIX}{_LOCAL}", version):
        from packaging.version import InvalidVersion, Version

        try:
            Version(version)
        except InvalidVersion:
            return None
    return normalise(name), version


_VARIABLE = (
    r"(?:python_version|python_full_version|os_name|sys_platform|platform_(?:release|system|version|machine|python_implementation)"
    r"|implementation_(?:name|version)|extra)\b"
)
_QUOTED = r"""(?:'[^']*+'|"[^"]*+")"""
_COMPARES = r"""[ \t]*+(?:===?|~=|!=|[<>]=?)[ \t]*+|[ \t]++(?:not[ \t]++)?in[ \t]++"""
_MARKER_TOKEN = (
    rf"[ \t]*+(?:({_VARIABLE}(?:{_COMPARES}){_QUOTED}|{_QUOTED}(?:{_COMPARES}){_VARIABLE})|(\()|(\))|((?:and|or)\b)|\Z)"
)


@lru_cache(maxsize=1024)
def _is_marker(text: str) -> bool:
    """Whether this surely is an environment marker, of the kind that tools write; False says nothing."""
    if len(text) > MAX_MARKER:
        return False
    position, depth, wants_comparison = 0, 0, True
    token_at = re.compile(_MARKER_TOKEN).match
    while position < len(text):
        token = token_at(text, position)
        if not token or token.end() == position:
            return False
        position = token.end()
        compared, opened, closed, _ = token.groups()
        if wants_comparison != bool(compared or opened) or depth > MAX_DEPTH:
            return False
        wants_comparison = not (compared or closed)
        depth += bool(opened) - bool(closed)
        if depth < 0:
            return False
    return depth == 0 and not wants_comparison


def _depth(text: str) -> int:
    depth = deepest = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest


# --- words for people ----------------------------------------------------------------------------------------------


def _show(text: str) -> str:
    """Return a piece of the file as a message can quote it: short, printable, without credentials."""
    safe = redact(text[:2000])
    text = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in safe)
    return f"'{text}'" if len(text) <= 80 else f"'{text[:79]}…'"


def _advice(text: str) -> str:
    """Return what to type instead of something that pip does not take for a requirement."""
    for pattern, advice in _ADVICE:
        if re.search(pattern, text):
            return advice
    return "write name==version, one requirement a line"


_ADVICE = (
    (r"\S--[a-z]", "put a space before the option"),
    (r"\s-", "put a space, not a tab, before the option"),
    (r"\\\Z", "remove the white space after the backslash"),
    (r"\S#", "put a space before the # of a comment"),
    (r"[<>=~!]=?[^\[\],]*\[[^\]]*\]\Z", "write the extras before the version: name[extra]==version"),
    (r"[\w.*] *\^", "pip knows no ^: write a range such as >=1.2,<2"),
    (r"[\w\])] *=(?!=)", "write == for an exact version"),
    (r"[<>=~!]=?[ \t]*[\w.*+!]+[ \t]+[<>=~!]", "put a comma between the specifiers"),
    (r"://", "write name @ URL"),
    (r"\A[\w.-]+[ \t]+[\w.-]", "put each requirement on a line of its own"),
)
