"""One file after another: what each states, and the files that it includes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from whypin.errors import WhypinError
from whypin.model.location import Location
from whypin.syntax.requirements.grammar import CONTROL
from whypin.syntax.requirements.lines import Lines, Statement
from whypin.syntax.requirements.options import ALONE, PER_REQUIREMENT, Typed, split
from whypin.syntax.requirements.parsed import Option, ParsedRequirement, RequirementsFile
from whypin.syntax.requirements.refusal import MAX_DEPTH, Refusal, show
from whypin.syntax.requirements.requirement import read_editable, read_requirement
from whypin.syntax.requirements.via import read_comments
from whypin.syntax.text import reject_conflict
from whypin.syntax.url import redact

Load = Callable[[str], str]

_FETCHED = r"(?i)[a-z][a-z0-9+.-]*+://|(?:https?|ftp|file):"
_ABSOLUTE = r"/|.:"
_HASH_IN_URL = r"[#&]sha(?:256|384|512)=[0-9a-fA-F]"


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


class _Reader:
    """Reads one file after another, and holds what they have given so far."""

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
        files = (*parents, path)
        self.files.append(path)
        reject_conflict(text, path)
        for statement in Lines(text.removeprefix("\ufeff"), path).statements():
            try:
                self._read_statement(statement, files)
            except Refusal as refusal:
                raise WhypinError(refusal.message, statement.place(refusal.token), refusal.hint) from None

    def _read_statement(self, statement: Statement, files: tuple[str, ...]) -> None:
        head, options, hashes = split(statement.body)
        if head:
            found = _beside_options(head, options, statement.place())
            hashes += bool(found.ref and re.search(_HASH_IN_URL, head))
        elif any(option.name == "--editable" for option in options):
            found, hashes = _editable(options, statement.place()), 0
        elif hashes:
            hint = "end the line before it with a backslash"
            raise Refusal("this --hash belongs to no requirement", "--hash", hint)
        else:
            self._apply(options, statement, files)
            return
        own = tuple([(name, value) for name, value, _ in options if name in PER_REQUIREMENT])
        comment, via, index = read_comments(statement.comment, statement.notes)
        self.requirements.append(found._replace(hashes=hashes, options=own, comment=comment, via=via, index_url=index))

    def _apply(self, options: list[Typed], statement: Statement, files: tuple[str, ...]) -> None:
        """Note the options of a file, and read what it includes."""
        for name, value, word in options:
            if name in ALONE and len(options) > 1:
                raise Refusal(f"pip reads nothing else beside {name}", word, "put each option on a line of its own")
            option = Option(name, redact(value), statement.place(word))
            self.options.append(option)
            if name == "--index-url":
                self.index = option.value
            elif name == "--no-index":
                self.no_index = True
            elif name == "--constraint":
                self.constraints.append(option._replace(value=_below_root(value, files[-1]) or option.value))
            elif name == "--requirement":
                self._include(value, word, files)

    def _include(self, value: str, word: str, files: tuple[str, ...]) -> None:
        if re.match(_FETCHED, value):
            message = f"whypin fetches nothing, and so cannot include {show(value)}"
            raise Refusal(message, word, "save it below the root and include that")
        path = _below_root(value, files[-1])
        if path is None or re.search(CONTROL, value):
            message = f"the included file {show(value)} lies outside the root"
            raise Refusal(message, word, "include files below the root only")
        if path in files:
            raise Refusal(f"{show(path)} includes itself", word, "remove this line")
        if len(files) >= MAX_DEPTH:
            raise Refusal(f"files are included more than {MAX_DEPTH} deep", word, "include fewer files")
        if path not in self.files:
            self.read(self._load(path, word), path, files)

    def _load(self, path: str, word: str) -> str:
        """Return the text of an included file; where it cannot be read at all, the place is here."""
        try:
            return self.load(path)
        except WhypinError as error:
            if error.where is not None and error.where != Location(path):
                raise
            hint = error.hint or "correct the path: it is relative to this file"
            raise Refusal(f"the included file {show(path)}: {error.message}", word, hint) from None


def _below_root(value: str, beside: str) -> str | None:
    """Return a path beside a file as one relative to the root; None where it is a URL or lies outside."""
    value = value.replace("\\", "/")
    if re.match(_FETCHED, value) or re.match(_ABSOLUTE, value):
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(beside), value))
    return None if path == ".." or path.startswith(("../", "/")) else path


def _beside_options(head: str, options: list[Typed], place: Location) -> ParsedRequirement:
    for name, _, word in options:
        if name in ALONE:
            raise Refusal(f"pip ignores {name} beside a requirement", word, "put it on a line of its own")
    return read_requirement(head, place)


def _editable(options: list[Typed], place: Location) -> ParsedRequirement:
    target, *more = [option for option in options if option.name not in PER_REQUIREMENT]
    if more:
        raise Refusal(f"pip ignores {show(more[0].word)} here", more[0].word, "put each option on a line of its own")
    return read_editable(target.value, place)
