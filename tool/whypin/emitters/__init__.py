"""Emitters: each writes from the records what another tool reads; TARGETS lists them by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from whypin.emitters.emitted import Emitted
    from whypin.model.project import Project


class Target(NamedTuple):
    """One target: the module here that renders it, and the files that its tool reads.

    The first of `paths` that is there is written; where none is, the last. `first` is what is left to do once the file
    is there for the first time; `lacking` what to do where a file of the user's own is needed and there is none.
    """

    module: str
    paths: tuple[str, ...]
    first: str = ""
    lacking: str = ""


TARGETS = {
    "renovate": Target(
        "renovate",
        ("renovate-whypin.json",),
        first='add "local>OWNER/REPO:renovate-whypin" to extends in the configuration of Renovate',
    ),
    "dependabot": Target(
        "dependabot",
        (".github/dependabot.yaml", ".github/dependabot.yml"),
        lacking="begin it with an entry for pip or uv under updates; --stdout prints what to put into that",
    ),
    "osv-scanner": Target(
        "osv_scanner",
        ("osv-scanner.toml",),
        first="commit it; for locks in other folders run osv-scanner with --config osv-scanner.toml",
    ),
    "uv-audit": Target(
        "uv_audit",
        ("uv.toml", "pyproject.toml"),
        lacking="go to the folder of the project; --stdout prints what to put into it",
    ),
    "pip-audit": Target(
        "pip_audit",
        ("pip-audit.args",),
        first="give it to pip-audit: pip-audit --requirement requirements.txt $(cat pip-audit.args)",
    ),
    "openvex": Target("openvex", ("openvex.json",), first="hand it to your scanner: trivy fs --vex openvex.json ."),
}


def render(target: str, project: Project, text: str | None, path: str) -> Emitted:
    """Return what the file of a target has to hold, and what is to be said about it.

    `text` is what it holds now, None where it is not there: hand-written parts stay as they are, to the byte. Raises
    WhypinError where that can't be done.
    """
    from importlib import import_module

    emitted: Emitted = import_module(f"whypin.emitters.{TARGETS[target].module}").render(project, text, path)
    return emitted
