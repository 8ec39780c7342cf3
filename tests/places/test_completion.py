"""Completion in the shell, as the page sets it up; bash is asked for real."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.folders import record, uv_lock, write
from tests.places.commands import environment, installed
from tests.site_examples import ROOT, blocks
from whypin import cli
from whypin.reporters import FORMATS

SETUPS = {
    shell: block.text
    for block in blocks(ROOT / "site/ci.md")
    for shell in ("bash", "zsh", "fish")
    if f"{shell}_source" in block.text
}


def _shell(tmp_path: Path, *command: str) -> str:
    variables = environment(installed(tmp_path / "bin"))
    return subprocess.run(
        command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    ).stdout


def completed(tmp_path: Path, *words: str) -> list[str]:
    """Ask bash, set up as the page says, what completes the last of the words."""
    quoted = " ".join(f"'{word}'" for word in words)
    ask = f"COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _whypin_completion whypin"
    script = f'{SETUPS["bash"]}\ncomplete -p whypin >&2\n{ask}\nprintf "%s\\n" "${{COMPREPLY[@]}}"\n'
    return _shell(tmp_path, "bash", "--noprofile", "--norc", "-e", "-c", script).split()


def test_bash_completes_commands(tmp_path: Path) -> None:
    assert completed(tmp_path, "whypin", "") == list(cli.COMMANDS)
    assert completed(tmp_path, "whypin", "ex") == ["explain", "exempt"]


def test_bash_completes_options_and_their_values(tmp_path: Path) -> None:
    assert completed(tmp_path, "whypin", "check", "--fo") == ["--format"]
    assert completed(tmp_path, "whypin", "check", "--format", "") == list(FORMATS)
    assert completed(tmp_path, "whypin", "--format", "g") == ["github", "gitlab"]
    assert "badge" in completed(tmp_path, "whypin", "debt", "--format", "")


def project(folder: Path) -> Path:
    more = {
        "decisions/2026-11-20-numpy.yaml": record(),
        "decisions/2026-11-21-numpy.yaml": record() + "supersedes: [2026-11-20-numpy]\n",
        "decisions/2026-11-22-pandas.yaml": record("pandas", "2.2.3").replace("accepted", "proposed"),
        "decisions/2026-11-23-pandas.yaml": "title: [\n",
    }
    return write(folder, {"uv.lock": uv_lock(numpy="1.26.4", pandas="2.2.3", **{"scikit-learn": "1.2.2"}), **more})


LIVE = ["2026-11-21-numpy", "2026-11-22-pandas"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("renew", ""), LIVE),
        (("renew", "2026-11-22"), LIVE[1:]),
        (("supersede", ""), LIVE),
        (("waive", "CVE-1", "--record", ""), LIVE),
        (("explain", ""), ["numpy", "pandas", "scikit-learn"]),
        (("why", "Scikit_l"), ["scikit-learn"]),
        (("new", "numpy", "pa"), ["pandas"]),
        (("waive", "CVE-1", "--package", "n"), ["numpy"]),
        (("explain", "torch"), []),
    ],
    ids=lambda value: " ".join(value),
)
def test_bash_completes_what_the_project_has(tmp_path: Path, words: tuple[str, ...], expected: list[str]) -> None:
    assert completed(project(tmp_path), "whypin", *words) == expected


def test_the_project_is_the_one_that_is_named_before(tmp_path: Path) -> None:
    project(tmp_path / "other")
    assert completed(tmp_path, "whypin", "renew", "") == []
    assert completed(tmp_path, "whypin", "renew", "--root", "other", "") == LIVE
    assert completed(tmp_path, "whypin", "--root", "other", "explain", "p") == ["pandas"]


@pytest.mark.parametrize(
    "files", [{}, {"uv.lock": "{"}, {"pyproject.toml": "[tool.whypin"}, {"decisions": "no folder"}], ids=str
)
def test_what_cannot_be_read_completes_nothing_and_says_nothing(tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path, files)
    for words in ("whypin explain", "whypin renew"):
        asked = f"COMP_WORDS='{words}' COMP_CWORD=2 _WHYPIN_COMPLETE=bash_complete whypin 2>&1"
        assert _shell(tmp_path, "bash", "-c", asked).strip() == ""


@pytest.mark.parametrize(("option", "kind"), [("--root", "dir"), ("--lock", "file")])
def test_paths_are_left_to_the_shell(tmp_path: Path, option: str, kind: str) -> None:
    asked = f"COMP_WORDS='whypin check {option} so' COMP_CWORD=3 _WHYPIN_COMPLETE=bash_complete whypin"
    assert _shell(tmp_path, "bash", "-c", asked) == f"{kind},so\n"


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_get_their_script(tmp_path: Path, shell: str) -> None:
    """A shell that is not here can't be asked; what its script calls can."""
    call = SETUPS[shell].removeprefix('eval "$(').partition(")")[0].partition(" |")[0]
    assert f"_WHYPIN_COMPLETE={shell}_complete" in _shell(tmp_path, "bash", "-c", call)
    typed = {"zsh": "COMP_WORDS='whypin ex' COMP_CWORD=1", "fish": "COMP_WORDS='whypin ex' COMP_CWORD=ex"}
    said = _shell(tmp_path, "bash", "-c", f"{typed[shell]} _WHYPIN_COMPLETE={shell}_complete whypin")
    assert "explain" in said and "exempt" in said and "check" not in said
