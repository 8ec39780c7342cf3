"""Requirements that are no names in an index: URLs, repositories, archives and folders."""

from __future__ import annotations

import re

from whypin.model.lock import Source
from whypin.model.names import normalise
from whypin.syntax.requirements.filenames import ARCHIVES, source_archive, wheel
from whypin.syntax.requirements.grammar import NAME, OPERATOR, checked_version, extras_of
from whypin.syntax.requirements.parsed import ParsedRequirement
from whypin.syntax.requirements.refusal import Refusal, show
from whypin.syntax.url import redact

URL = re.compile(r"(?:https?|ftp|file):|(?:git|hg|svn|bzr)\+", re.IGNORECASE)
REPOSITORY = r"(?i:git|hg|svn|bzr)\+"
#: An archive that a forge makes of a repository: its name is that of a revision.
HOSTED = r"/([^/@]+)/(?:-/)?(?:archive|tarball|zipball|(?:legacy\.)?(?:zip|tar\.gz))/"

_EGG = rf"({NAME})(?:\[([^\]]*)\])?(?:==([^\s=*,;]+))?"
_BRACKETS = r"([^\[]+)\[([^\[\]]+)\]"
_COMMIT = r"[0-9a-fA-F]{40}(?:[0-9a-fA-F]{24})?"


def is_path(text: str) -> bool:
    """Whether pip would look for a file or folder of that name; it looks at the disk, this at the text alone."""
    bare = text.partition("[")[0]
    if "://" in bare or re.search(OPERATOR, bare):
        return False
    if bare.lower().endswith(ARCHIVES) or re.match(r"[./]|[A-Za-z]:[\\/]", bare):
        return True
    if bare[:1] == "\\" or re.search(r"\s", bare):
        return False
    return "/" in bare or "\\" in bare.rstrip("\\")


def read_reference(target: str, known: ParsedRequirement) -> ParsedRequirement:
    """Return what is known of a requirement with what its URL or path tells; raises Refusal where pip takes none."""
    if known.editable:
        # A repository without its prefix: `-e git://…`.
        target = re.sub(r"(?i)\A(git|hg|svn|bzr):", r"\1+\1:", target)
    _check(target, known.editable)
    main, _, fragment = target.partition("#")
    name, extras, version = _egg(fragment)
    known = known._replace(name=known.name or name, extras=known.extras or extras)
    if re.match(REPOSITORY, main):
        return _repository(main, _subdirectory(fragment), known)
    return _file(main, _subdirectory(fragment), known._replace(version=version))


def _check(target: str, editable: bool) -> None:
    scheme = URL.match(target)
    if not target or (scheme and (re.search(r"\s", target) or target[scheme.end() :] in ("", "/", "//"))):
        hint = "write name @ URL, without spaces in the URL"
        raise Refusal(f"{show(target)} is not a URL or path", "", hint)
    if not scheme and "://" in target:
        hint = "begin it with https:// or, for a repository, git+https://"
        raise Refusal(f"pip cannot fetch {show(target)}", "", hint)
    is_folder = re.match(rf"{REPOSITORY}|(?i:file:)", target) if scheme else not re.search(OPERATOR, target)
    if editable and not is_folder:
        hint = "-e takes a folder or a repository; remove -e"
        raise Refusal(f"{show(target)} cannot be editable", "", hint)


def _egg(fragment: str) -> tuple[str | None, tuple[str, ...], str | None]:
    """Return name, extras and pinned version of `#egg=…`."""
    value = next((part[4:] for part in fragment.split("&") if part.startswith("egg=")), None)
    if value is None:
        return None, (), None
    found = re.fullmatch(_EGG, _unquote(value))
    if not found:
        raise Refusal(f"egg={show(value)} is not a package name", f"egg={value}", "write name @ URL instead")
    return normalise(found[1]), extras_of(found[2]), found[3]


def _subdirectory(fragment: str) -> str:
    return next((f"#{part}" for part in fragment.split("&") if part.startswith("subdirectory=")), "")


def _repository(main: str, subdirectory: str, known: ParsedRequirement) -> ParsedRequirement:
    """Read `git+URL@revision`; what is not git keeps its prefix, which its source does not tell."""
    kind, _, url = main.partition("+")
    git = kind.lower() == "git"
    where, _, revision = behind_host(url).rpartition("@")
    return known._replace(
        source="git" if git else "url",
        ref=redact(url if git else main) + subdirectory,
        commit=revision.lower() if where and re.fullmatch(_COMMIT, revision) else None,
    )


def behind_host(url: str) -> str:
    """Return the path of a repository and its revision, also where it is written as ssh does: `git@host:path`."""
    return url.partition("://")[2].partition("/")[2] if "://" in url else url.partition(":")[2]


def _file(main: str, subdirectory: str, known: ParsedRequirement) -> ParsedRequirement:
    """Read an archive or a folder, of which `name[extra]` may be the last part."""
    extras = known.extras
    if bracket := re.fullmatch(_BRACKETS, main):
        main, extras = bracket[1], extras or extras_of(bracket[2])
    name, version = _by_file_name(main, known.name)
    return known._replace(
        name=name,
        version=checked_version(version or known.version),
        extras=extras,
        source=_source_of(main, known.editable),
        ref=redact(main) + subdirectory,
    )


def _by_file_name(main: str, name: str | None) -> tuple[str | None, str | None]:
    """Return name and version as the file name of a wheel or source archive tells them; a known name stays."""
    path = main.partition("?")[0].replace("\\", "/")
    file_name = _unquote(path.rpartition("/")[2])
    found = None
    if file_name.lower().endswith(".whl"):
        found = wheel(file_name)
        if found is None and name is None:
            hint = "give it the name it was built with"
            raise Refusal(f"{show(file_name)} is not the file name of a wheel", "", hint)
    elif name is not None or not re.search(HOSTED, path):
        found = source_archive(file_name)
    return found if found and name in (None, found[0]) else (name, None)


def _source_of(main: str, editable: bool) -> Source:
    if editable:
        return "editable"
    if URL.match(main) and not main.lower().startswith("file:"):
        return "url"
    return "path" if main.lower().endswith(ARCHIVES) else "directory"


def _unquote(text: str) -> str:
    if "%" not in text:
        return text
    from urllib.parse import unquote

    return unquote(text)
