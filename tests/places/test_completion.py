"""Completion in the shell, as the page sets it up; bash is asked for real."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_get_their_script(tmp_path: Path, shell: str) -> None:
    """A shell that is not here can't be asked; what its script calls can."""
    call = SETUPS[shell].removeprefix('eval "$(').partition(")")[0].partition(" |")[0]
    assert f"_WHYPIN_COMPLETE={shell}_complete" in _shell(tmp_path, "bash", "-c", call)
    typed = {"zsh": "COMP_WORDS='whypin ex' COMP_CWORD=1", "fish": "COMP_WORDS='whypin ex' COMP_CWORD=ex"}
    said = _shell(tmp_path, "bash", "-c", f"{typed[shell]} _WHYPIN_COMPLETE={shell}_complete whypin")
    assert "explain" in said and "exempt" in said and "check" not in said
