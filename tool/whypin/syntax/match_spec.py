"""conda's match specs: a package with a constraint on its version, and what PEP 440 can say of that.

Source: conda's documentation of package match specifications, and conda's and rattler's readers of them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from whypin.model.version import to_version
from whypin.syntax.conda_package import file_of, is_file, is_name, public
from whypin.syntax.constraint import as_one

MAX_LENGTH = 4_000

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*+")
_ATTRIBUTE = re.compile(r"""\s*(\w+)\s*=\s*(?:'([^']*)'|"([^"]*)"|([^,'"\]]*))\s*(?:,|\Z)""")
#: A build behind a version: `1.26=py311_0` or `>=1.26 py311_0`.
_BUILD = re.compile(r"(.*[^\s=!|,<>~])[ =]([^\s=,|<>~]+)\Z")
_CLAUSE = re.compile(r"(===?|!=|~=|>=|<=|=|>|<|)([A-Za-z0-9_.!+*-]+)\Z")
_PLAIN = re.compile(
    r"\d{1,9}(?:\.\d{1,9}){0,9}(?:(?:a|b|rc)\d{1,9})?(?:\.post\d{1,9})?(?:\.dev\d{1,9})?(?:\+[a-z0-9]+(?:\.[a-z0-9]+)*)?\Z"
)


class MatchSpec(NamedTuple):
    """One match spec: `name` in lower case, `constraint` as spelt, `specifier` what PEP 440 can say of it.

    `url` is set where it names an archive, without credentials.
    """

    name: str
    constraint: str = ""
    specifier: str = ""
    url: str | None = None


def parse(text: str) -> MatchSpec:
    """Read a match spec such as `conda-forge::numpy=1.26=py311_0`; raises ValueError with what is wrong with it."""
    if len(text) > MAX_LENGTH:
        raise ValueError("a package spec this long is not a package spec")
    text = text.strip()
    if not text.isprintable():
        raise ValueError(f"{_show(text)} is not a package spec: it holds a control character")
    if is_file(text.partition("#")[0]):
        return _archive(text)
    head, bracket, body = text.partition("[")
    if bracket and not body.endswith("]"):
        raise ValueError(f"{_show(text)} is not a package spec: [ is never closed")
    head = head.rpartition("::")[2].strip()
    match = _NAME.match(head)
    rest = head[match.end() :].strip() if match else ""
    if match is None or (rest and head[match.end()] not in " =<>!~(*"):
        raise ValueError(f"{_show(text)} is not a package spec")
    constraint = _from_brackets(body[:-1], rest, text) if bracket else rest
    return MatchSpec(name_of(match[0]), constraint, specifier_of(constraint))


def _archive(text: str) -> MatchSpec:
    file = file_of(text.partition("#")[0].replace("\\", "/"))
    if file is None:
        raise ValueError(f"{_show(text)} is not the file of a conda package: write .../NAME-VERSION-BUILD.conda")
    return MatchSpec(name_of(file.name), file.version, specifier_of(f"=={file.version}"), public(text))


def name_of(text: str) -> str:
    """Return a conda package name in lower case, such as `_libgcc_mutex`; raises ValueError where it is none."""
    if not is_name(text):
        raise ValueError(f"{_show(text)} is not the name of a conda package")
    return text.lower()


@lru_cache(maxsize=4096)
def specifier_of(constraint: str) -> str:
    """Return what PEP 440 can say of a constraint on a version, which may name a build too; `""` for any version.

    Alternatives become the range that spans them, and a clause over versions that PEP 440 cannot order is left out.
    Raises ValueError where it is no constraint.
    """
    if len(constraint) > MAX_LENGTH:
        raise ValueError("a constraint this long is not a constraint")
    text = re.sub(r"(?<=[<>=!~,|(])\s+|\s+(?=[,|)])", "", constraint.strip())
    build = _BUILD.match(text)
    version = build[1].strip() if build else text
    if re.search(r"\s", version):
        raise ValueError(f"{_show(constraint)} is not a version constraint")
    if build and re.fullmatch(r"=[^=,|][^,|]*", version):
        version = f"={version}"
    version = re.sub(r"\(([^()|]*)\)", r"\1", version)
    version = re.sub(r"\A\(([^()]*)\)\Z", r"\1", version)
    if "(" in version or ")" in version:
        return ""
    alternatives = [_clauses(part, constraint) for part in version.split("|")] if version else []
    if len(alternatives) < 2:
        return ",".join(alternatives[0]) if alternatives else ""
    if all(_PLAIN.match(clause.lstrip("<>=!~").removesuffix(".*")) for each in alternatives for clause in each):
        return as_one([",".join(each) for each in alternatives])
    return ""


def _clauses(part: str, constraint: str) -> list[str]:
    found = []
    for clause in part.split(","):
        clause = clause.strip()
        if clause in ("", "*") or clause.startswith("^"):
            continue
        match = _CLAUSE.match(clause)
        if match is None:
            raise ValueError(f"{_show(constraint)} is not a version constraint: {_show(clause)} is not part of one")
        if said := _said(*match.groups()):
            found.append(said)
    return found


def _said(operator: str, version: str) -> str:
    """Return one clause in PEP 440, or nothing where it has no word for it."""
    bare = re.sub(r"\.?\*\Z", "", version)
    star = bare != version
    if "*" in bare or not bare:
        return ""
    if not _is_version(bare):
        exact = operator in ("", "==", "===") and not star
        return f"==={bare}" if exact else ""
    if operator in ("", "=", "==", "==="):
        return f"=={bare}.*" if (star or operator == "=") and _is_release(bare) else "" if star else f"=={bare}"
    if operator == "!=":
        return f"!={bare}.*" if star and _is_release(bare) else "" if star else f"!={bare}"
    if operator == "~=" and (star or "." not in bare):
        operator = ">="
    return operator + (bare.partition("+")[0] if operator != "~=" else bare)


def _is_version(text: str) -> bool:
    if _PLAIN.match(text):
        return True
    try:
        return len(text) <= 200 and to_version(text) is not None
    except ValueError:
        return False


def _is_release(text: str) -> bool:
    return re.fullmatch(r"(?:\d+!)?\d+(?:\.\d+)*", text) is not None


def _from_brackets(body: str, rest: str, text: str) -> str:
    """Return the constraint of `[version='>=1.2', build=py*]`; what stands before the brackets counts too."""
    found = {"version": rest}
    at = 0
    while at < len(body):
        match = _ATTRIBUTE.match(body, at)
        if match is None:
            raise ValueError(f"{_show(text)} is not a package spec: write name[version='>=1.0']")
        found[match[1]] = (match[2] or match[3] or match[4] or "").strip()
        at = match.end()
    return " ".join(filter(None, (found["version"] or ("*" if "build" in found else ""), found.get("build"))))


def _show(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
