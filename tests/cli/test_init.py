"""`whypin init`: what it says, what it writes and leaves alone, and that the first check is green."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.built import build_again, pages
from tests.cli.test_check import whypin
from tests.corpus import CORPUS, needs_corpus
from tests.folders import record, uv_lock, write
from tests.history.repository import Repository
from whypin.cli.exit_codes import CLEAN, FINDINGS, UNUSABLE

TODAY = ("--today", "2026-11-22")
LOCK = uv_lock(numpy="1.26.4", pandas="2.2.3", protobuf="3.20.3")
PYPROJECT = """\
# ours
[project]
name = "app"
version = "0.1.0"
dependencies = [
    "numpy<2",       # numpy 2.0 breaks our compiled extension, see https://git.example/app/issues/7
    "pandas",
    "protobuf>=3.20,<4",
]
"""


def project(folder: Path, **more: str | bytes) -> Path:
    return write(folder, {"uv.lock": LOCK, "pyproject.toml": PYPROJECT, **more})


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def repository(folder: Path) -> Path:
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "x")):
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)
    return folder


def test_the_plan_is_shown_and_nothing_written_without_a_yes(tmp_path: Path) -> None:
    project(tmp_path)
    before = files(tmp_path)
    done = whypin(tmp_path, "init", "--no-site", *TODAY)
    assert done.returncode == CLEAN
    assert (
        done.stdout
        == f"""\
{tmp_path}: uv.lock with 4 packages, 3 of them direct

To be written:
  new     decisions/record.schema.json     what a record may hold, for editors
  new     decisions/2026-11-22-numpy.yaml  a draft, from pyproject.toml:6: much evidence
  new     decisions/exemptions.yaml        2 required packages, excused at the locked versions
  change  pyproject.toml                   [tool.whypin] at its end: the policy

To be called critical, each excused until it moves or is decided:
  numpy     pyproject.toml holds it at <2; a comment says why it is held
  protobuf  pyproject.toml holds it at <4

To be known:
  there is no git history here: drafts come from comments and the rules of bots alone

whypin check will say: 0 errors, 2 warnings in 4 packages: 0 decided, 2 exempt, 0 undecided; 2 required
  2 WHY203 unexplained-cap: write a record for each cap, or take the cap away

Nothing was written: add --yes to write this.
"""
    )
    assert files(tmp_path) == before
    dry = whypin(tmp_path, "init", "--no-site", "--dry-run", "--yes", *TODAY)
    assert dry.stdout == done.stdout.replace("\nNothing was written: add --yes to write this.\n", "")
    assert files(tmp_path) == before


def test_what_was_shown_is_written_and_the_first_check_is_green(tmp_path: Path) -> None:
    project(tmp_path)
    done = whypin(tmp_path, "init", "--no-site", "--yes", *TODAY)
    assert done.returncode == CLEAN, done.stderr
    assert (tmp_path / "pyproject.toml").read_text().startswith(PYPROJECT + "\n[tool.whypin.policy]\n# ")
    policy = tomllib.loads((tmp_path / "pyproject.toml").read_text())["tool"]["whypin"]["policy"]
    assert policy == {"require": "critical", "critical": ["numpy", "protobuf"]}
    draft = (tmp_path / "decisions/2026-11-22-numpy.yaml").read_text()
    assert "status: proposed\n" in draft and 'numpy: "<2"\n' in draft and 'rationale: ""' in draft
    assert "> numpy 2.0 breaks our compiled extension, see https://git.example/app/issues/7\n" in draft
    assert "source: {file: pyproject.toml, line: 6}\n" in draft
    exempt = (tmp_path / "decisions/exemptions.yaml").read_text()
    assert exempt.endswith("uv.lock:\n  numpy: [1.26.4]\n  protobuf: [3.20.3]\n")
    assert (tmp_path / "decisions/record.schema.json").read_text() == whypin(tmp_path, "schema").stdout
    check = whypin(tmp_path, "check", *TODAY)
    assert check.returncode == CLEAN
    assert f"whypin check says: {check.stdout.splitlines()[-1]}\n" in done.stdout
    assert "1. look at what was written" in done.stdout


def test_a_required_package_that_moves_is_asked_about_and_a_second_run_does_not_excuse_it(tmp_path: Path) -> None:
    project(tmp_path)
    whypin(tmp_path, "init", "--yes", *TODAY)
    write(tmp_path, {"uv.lock": LOCK.replace("1.26.4", "1.26.5")})
    before = files(tmp_path)
    again = whypin(tmp_path, "init", "--yes", *TODAY)
    assert "Nothing to write" in again.stdout
    assert "It is not green" in again.stdout
    assert files(tmp_path) == before
    assert whypin(tmp_path, "check", *TODAY).returncode == FINDINGS


def test_a_second_run_changes_nothing_and_says_so(tmp_path: Path) -> None:
    project(tmp_path)
    whypin(tmp_path, "init", "--yes", *TODAY)
    before = files(tmp_path)
    again = whypin(tmp_path, "init", "--yes", "--today", "2026-12-24")
    assert "Nothing to write: this repository has what init would give it." in again.stdout
    assert files(tmp_path) == before


def test_another_lock_is_adopted_by_another_run(tmp_path: Path) -> None:
    project(tmp_path)
    whypin(tmp_path, "init", "--yes", *TODAY)
    write(tmp_path, {"services/api/uv.lock": uv_lock(numpy="1.25.0")})
    whypin(tmp_path, "init", "--yes", *TODAY)
    text = (tmp_path / "decisions/exemptions.yaml").read_text()
    assert text.endswith(
        "uv.lock:\n  numpy: [1.26.4]\n  protobuf: [3.20.3]\n\nservices/api/uv.lock:\n  numpy: [1.25.0]\n"
    )


def test_every_byte_of_a_pyproject_stays(tmp_path: Path) -> None:
    odd = ("\ufeff" + PYPROJECT.rstrip()).replace("\n", "\r\n").encode()
    project(tmp_path, **{"pyproject.toml": odd})
    assert whypin(tmp_path, "init", "--yes", *TODAY).returncode == CLEAN
    written = (tmp_path / "pyproject.toml").read_bytes()
    assert written.startswith(odd + b"\r\n\r\n[tool.whypin.policy]\r\n")
    assert b"\n" not in written.replace(b"\r\n", b"")


def test_without_a_pyproject_the_settings_get_a_file_of_their_own(tmp_path: Path) -> None:
    write(tmp_path, {"uv.lock": LOCK})
    whypin(tmp_path, "init", "--yes", *TODAY)
    assert tomllib.loads((tmp_path / "whypin.toml").read_text()) == {"policy": {"require": "production"}}
    assert whypin(tmp_path, "check", *TODAY).returncode == CLEAN


def test_settings_and_records_that_are_there_are_left_alone(tmp_path: Path) -> None:
    settings = PYPROJECT + "[tool.whypin.policy]\nrequire = 'direct'\n"
    project(tmp_path, **{"pyproject.toml": settings, "decisions/2026-11-22-numpy.yaml": record()})
    done = whypin(tmp_path, "init", "--yes", "--no-site", *TODAY)
    assert [line for line in done.stdout.splitlines() if line.startswith("wrote")] == [
        "wrote decisions/record.schema.json",
        "wrote decisions/exemptions.yaml",
    ]
    assert (tmp_path / "decisions/exemptions.yaml").read_text().endswith("  pandas: [2.2.3]\n  protobuf: [3.20.3]\n")
    assert whypin(tmp_path, "check", *TODAY).returncode == CLEAN


def test_the_locks_that_are_named_are_the_ones_that_the_settings_name(tmp_path: Path) -> None:
    project(tmp_path, **{"other/uv.lock": uv_lock(torch="2.1.0")})
    done = whypin(tmp_path, "init", "--yes", "--lock", "uv.lock", *TODAY)
    assert tomllib.loads((tmp_path / "pyproject.toml").read_text())["tool"]["whypin"]["locks"] == ["uv.lock"]
    assert "torch" not in (tmp_path / "decisions/exemptions.yaml").read_text()
    assert (done.returncode, whypin(tmp_path, "check", *TODAY).returncode) == (CLEAN, CLEAN)


def test_a_folder_of_other_decisions_is_not_mixed_with_ours(tmp_path: Path) -> None:
    project(tmp_path, **{"decisions/0001-use-rust.md": "# Use Rust\n"})
    done = whypin(tmp_path, "init", "--yes", *TODAY)
    assert "decisions/ holds something else: records go to version-decisions/" in done.stdout
    assert os.listdir(tmp_path / "decisions") == ["0001-use-rust.md"]
    assert tomllib.loads((tmp_path / "pyproject.toml").read_text())["tool"]["whypin"]["records"] == "version-decisions"
    assert whypin(tmp_path, "check", *TODAY).returncode == CLEAN
    assert "Nothing to write" in whypin(tmp_path, "init", "--yes", *TODAY).stdout


def test_where_no_folder_is_free_a_person_has_to_name_one(tmp_path: Path) -> None:
    taken = {f"{folder}/a.md": "x" for folder in ("decisions", "version-decisions", "whypin-decisions")}
    project(tmp_path, **taken)
    done = whypin(tmp_path, "init", "--yes", *TODAY)
    assert (done.returncode, 'records = "..." under [tool.whypin]' in done.stderr) == (UNUSABLE, True)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"pyproject.toml": "[project\n"}, "pyproject.toml:1:9: not valid TOML"),
        ({"uv.lock": "version = 9\n"}, "uv.lock:1:1: unsupported"),
        ({"pyproject.toml": "[tool.whypin]\nrecord = 1\n"}, "pyproject.toml:2:1: tool.whypin.record"),
        ({"decisions/exemptions.yaml": "- a\n"}, "decisions/exemptions.yaml:1:1: "),
    ],
)
def test_what_cannot_be_read_stops_it_before_anything_is_written(
    tmp_path: Path, more: dict[str, str], message: str
) -> None:
    project(tmp_path, **more)
    before = files(tmp_path)
    done = whypin(tmp_path, "init", "--yes", *TODAY)
    assert (done.returncode, message in done.stderr) == (UNUSABLE, True), done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert files(tmp_path) == before


def test_without_a_lock_it_says_how_to_get_one(tmp_path: Path) -> None:
    write(tmp_path, {"requirements.in": "numpy>=1\n"})
    done = whypin(tmp_path, "init", "--yes")
    assert done.returncode == UNUSABLE
    assert done.stderr == (
        "whypin: error: requirements.in:1:1: nothing is locked yet, and decisions are about locked versions; "
        "run pip-compile --generate-hashes requirements.in, then whypin init again\n"
    )
    assert list(files(tmp_path)) == ["requirements.in"]


def test_errors_of_the_project_itself_are_said_and_not_hidden(tmp_path: Path) -> None:
    project(tmp_path, **{"docs/requirements.in": "sphinx\n"})
    done = whypin(tmp_path, "init", "--yes", *TODAY)
    assert done.returncode == CLEAN
    assert "It is not green, for what init cannot mend:\n" in done.stdout
    assert "  docs/requirements.in:1:1: WHY205 docs/requirements.in has 1 requirement and no lock" in done.stdout
    assert 'To let WHY205 warn until it is mended: WHY205 = "warning" under [tool.whypin.rules]' in done.stdout
    assert whypin(tmp_path, "check", *TODAY).returncode == FINDINGS


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    project(tmp_path)
    tmp_path.chmod(0o555)
    try:
        done = whypin(tmp_path, "init", "--yes", *TODAY)
    finally:
        tmp_path.chmod(0o755)
    assert (done.returncode, "its folder does not allow it; nothing was written" in done.stderr) == (UNUSABLE, True)
    assert sorted(files(tmp_path)) == ["pyproject.toml", "uv.lock"]


def test_a_path_that_leads_out_of_the_project_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    project(tmp_path / "app")
    (tmp_path / "app/.github").mkdir()
    (tmp_path / "app/.github/workflows").symlink_to(tmp_path / "elsewhere")
    before = files(tmp_path)
    done = whypin(tmp_path / "app", "init", "--yes", *TODAY)
    assert (done.returncode, "lies outside the root; nothing was written" in done.stderr) == (UNUSABLE, True)
    assert files(tmp_path) == before


def test_a_file_that_comes_in_between_is_not_overwritten(tmp_path: Path) -> None:
    from datetime import date

    from whypin.app import adoption
    from whypin.errors import WhypinError

    project(tmp_path)
    planned = adoption.plan(str(tmp_path), (), date(2026, 11, 22), adoption.Wish("0.1.0", site=False))
    changed = {"decisions/exemptions.yaml": "# mine\n", "pyproject.toml": "# mine\n"}
    for path in changed:
        write(tmp_path, {path: changed[path]})
        with pytest.raises(WhypinError, match=r"already|changed since"):
            list(adoption.write(planned))
        assert (tmp_path / path).read_text() == "# mine\n"
        write(tmp_path, {"pyproject.toml": PYPROJECT})
        shutil.rmtree(tmp_path / "decisions")


@pytest.mark.parametrize(("answer", "written"), [(b"n\n", False), (b"y\n", True)])
def test_a_terminal_is_asked(tmp_path: Path, answer: bytes, written: bool) -> None:
    project(tmp_path)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "whypin", "init", *TODAY]
    with subprocess.Popen(command, cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        said = b""
        while b"Write this? [Y/n]" not in said:
            said += os.read(ours, 4096)
        os.write(ours, answer)
        try:
            while more := os.read(ours, 4096):
                said += more
        except OSError:
            pass
    os.close(ours)
    assert process.returncode == CLEAN
    assert (tmp_path / "decisions").exists() == written
    assert (b"Nothing was written." in said) != written


CI = {
    ".github/workflows/test.yml": "on: push\n",
    ".github/pull_request_template.md": "## What\n",
    ".gitlab-ci.yml": "stages: [test]\n",
    ".pre-commit-config.yaml": "repos:\n  - repo: local  # ours\n    hooks: []\n",
}


def test_ci_hooks_and_the_template_get_what_they_need(tmp_path: Path) -> None:
    project(tmp_path, **CI)
    done = whypin(tmp_path, "init", "--yes", "--repository", "https://git.example/whypin", *TODAY)
    workflow = (tmp_path / ".github/workflows/whypin.yml").read_text()
    assert 'pip install "whypin @ git+https://git.example/whypin@v' in workflow
    assert "whypin check --format github" in workflow
    template = (tmp_path / ".github/pull_request_template.md").read_text()
    assert template.startswith("## What\n\n## Dependencies\n") and "`decisions/`" in template
    hooks = (tmp_path / ".pre-commit-config.yaml").read_text()
    assert hooks.startswith(CI[".pre-commit-config.yaml"] + "  - repo: https://git.example/whypin\n    rev: v")
    assert (tmp_path / ".gitlab-ci.yml").read_text() == "stages: [test]\n"
    assert "  .gitlab-ci.yml: add the job\n    whypin:\n" in done.stdout
    before = files(tmp_path)
    assert "Nothing to write" in whypin(tmp_path, "init", "--yes", *TODAY).stdout
    assert files(tmp_path) == before


def test_without_a_place_to_get_whypin_from_the_hook_is_shown_and_not_written(tmp_path: Path) -> None:
    project(tmp_path, **CI)
    done = whypin(tmp_path, "init", "--yes", *TODAY)
    assert (tmp_path / ".pre-commit-config.yaml").read_text() == CI[".pre-commit-config.yaml"]
    assert "    - repo: https://git.example/whypin\n" in done.stdout
    assert whypin(tmp_path, "init", "--repository", "whypin").returncode == UNUSABLE


def test_a_gitignore_that_hides_site_is_noticed(tmp_path: Path) -> None:
    project(tmp_path, **{".gitignore": "/site\nbuild/\n"})
    done = whypin(tmp_path, "init", "--yes", *TODAY)
    assert "site/ is hidden by .gitignore: the pages of the site go to decisions-site/" in done.stdout
    assert not (tmp_path / "site").exists()
    assert "docs_dir: decisions-site\n" in (tmp_path / "mkdocs.yml").read_text()
    assert "Nothing to write" in whypin(tmp_path, "init", "--yes", *TODAY).stdout


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("theme", ["material", "mkdocs"])
def test_the_first_site_builds_strictly(tmp_path: Path, theme: str) -> None:
    project(tmp_path)
    whypin(tmp_path, "init", "--yes", *TODAY)
    config = (tmp_path / "mkdocs.yml").read_text()
    if theme == "mkdocs":
        config = config.replace("name: material\n  font: false", "name: mkdocs\n  highlightjs: false")
        write(tmp_path, {"mkdocs.yml": config})
    assert f"name: {theme}\n" in config
    html = pages(build_again(tmp_path, strict=True))
    assert {"index.html", "guide/write-a-record/index.html", "catalogue/packages/numpy/index.html"} <= set(html)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_site_that_is_there_gets_the_plugin_and_keeps_its_comments(tmp_path: Path) -> None:
    config = "site_name: Ours  # really\ntheme: mkdocs\nplugins:\n  - search  # found\n\n# the end\nnav: [index.md]\n"
    project(tmp_path, **{"mkdocs.yml": config, "docs/index.md": "# Ours\n"})
    done = whypin(tmp_path, "init", "--yes", *TODAY)
    assert (tmp_path / "mkdocs.yml").read_text() == config.replace("# found\n", "# found\n  - whypin\n")
    assert not (tmp_path / "site").exists()
    assert "catalogue/index.html" in pages(build_again(tmp_path, strict=True))
    assert "By hand" not in done.stdout


def test_a_site_that_cannot_be_added_to_safely_is_left_to_a_person(tmp_path: Path) -> None:
    config = "site_name: Ours\nplugins: {search: {}}\n"
    project(tmp_path, **{"mkdocs.yml": config})
    done = whypin(tmp_path, "init", "--yes", *TODAY)
    assert "  mkdocs.yml: add the plugin\n    plugins:\n      - whypin\n" in done.stdout
    assert (tmp_path / "mkdocs.yml").read_text() == config


RENOVATE = """\
{
  // ours
  packageRules: [
    {matchPackageNames: ["pandas"], allowedVersions: "<3", description: "3.0 breaks our reports"},
    {matchPackageNames: ["protobuf"], enabled: false, description: "4.0 breaks our messages"},
    {matchPackageNames: ["absent"], enabled: false, description: "2.0 breaks our messages"},
    {matchPackageNames: ["numpy"], enabled: false, description: "2.0 breaks us in many ways"},
  ],
}
"""


def test_drafts_come_from_comments_commits_and_bots_and_each_package_has_one(tmp_path: Path) -> None:
    made = Repository(tmp_path / "app")
    project(made.folder, **{"pyproject.toml": PYPROJECT.replace(">=3.20,<4", ">=3.20")})
    made.commit("Begin")
    why = "Cap protobuf below 4, and numpy stays: 4.21 breaks our messages"
    commit = made.commit(why, {"pyproject.toml": PYPROJECT, "renovate.json5": RENOVATE})
    done = whypin(made.folder, "init", "--yes", "--no-site", *TODAY)
    assert done.returncode == CLEAN, done.stderr
    assert [line.split("a draft, ")[1] for line in done.stdout.splitlines() if "a draft, " in line] == [
        "from pyproject.toml:6: much evidence",
        f"from commit {commit[:9]}: much evidence",
        "from renovate.json5:4: some evidence",
    ]
    assert "complete each of the 3 drafts" in done.stdout
    draft = (made.folder / "decisions/2026-11-22-protobuf.yaml").read_text()
    assert f"source: {{commit: {commit}}}\n" in draft and 'protobuf: ">=3.20,<4"\n' in draft
    assert "attempts:\n  - date: 2026-01-01\n    package: protobuf\n    version: 4.21\n    outcome: failed\n" in draft
    assert "numpy  " in done.stdout and "a comment says why it is held" in done.stdout
    assert done.stdout.count("a comment says why it is held") == 1
    assert whypin(made.folder, "check", *TODAY).returncode == CLEAN
    before = files(made.folder)
    again = whypin(made.folder, "init", "--yes", "--no-site", "--today", "2026-12-24")
    assert "Nothing to write" in again.stdout
    assert files(made.folder) == before


def test_rules_of_bots_are_read_and_what_cannot_be_read_is_a_note(tmp_path: Path) -> None:
    dependabot = """\
version: 2
updates:
  - package-ecosystem: pip
    directory: /
    ignore:
      # 3.0 breaks our reports, see https://git.example/app/issues/9
      - dependency-name: pandas
        versions: [">=3"]
      - dependency-name: protobuf  # 2.0 crashes
        versions: [">=2"]
"""
    project(tmp_path, **{".github/dependabot.yml": dependabot, ".renovaterc": "{", "package.json": "{"})
    done = whypin(tmp_path, "init", "--yes", "--no-site", *TODAY)
    assert done.returncode == CLEAN, done.stderr
    assert "a draft, from .github/dependabot.yml:7: much evidence" in done.stdout
    assert "protobuf.yaml" not in done.stdout, "what a rule holds is not what is locked"
    assert "  .renovaterc:1:1: " in done.stdout and ": no drafts from its rules\n" in done.stdout
    assert "package.json" not in done.stdout
    draft = (tmp_path / "decisions/2026-11-22-pandas.yaml").read_text()
    assert 'pandas: "<3"\n' in draft and "source: {file: .github/dependabot.yml, line: 7}\n" in draft
    assert 'links: ["https://git.example/app/issues/9"]\n' in draft


def test_a_shallow_clone_is_adopted_without_its_commits(tmp_path: Path) -> None:
    made = Repository(tmp_path / "app")
    made.commit("Cap protobuf below 4, which breaks our messages", {"pyproject.toml": PYPROJECT, "uv.lock": LOCK})
    made.commit("Next", {"README.md": "x"})
    made.git("clone", "-q", "--depth", "1", f"file://{made.folder}", str(tmp_path / "clone"))
    done = whypin(tmp_path / "clone", "init", "--yes", "--no-site", *TODAY)
    assert done.returncode == CLEAN, done.stderr
    assert "the clone is shallow: drafts come from comments and the rules of bots alone" in done.stdout
    assert "a draft, from pyproject.toml:6" in done.stdout and "from commit" not in done.stdout


def test_a_hostile_commit_message_is_text_and_nothing_else(tmp_path: Path) -> None:
    made = Repository(tmp_path / "app")
    project(made.folder, **{"pyproject.toml": PYPROJECT.replace(">=3.20,<4", ">=3.20")})
    made.commit("Begin")
    evil = "protobuf 4.21 breaks us \u202e ::error:: \x1b[31m &anchor *x {a: b}\n---\nstatus: accepted"
    made.commit(f"Cap protobuf\n\n{evil}", {"pyproject.toml": PYPROJECT})
    done = whypin(made.folder, "init", "--yes", "--no-site", *TODAY)
    assert done.returncode == CLEAN, done.stderr
    assert done.stdout.isascii() and "\x1b" not in done.stdout
    draft = (made.folder / "decisions/2026-11-22-protobuf.yaml").read_text()
    assert "\x1b" not in draft and "\nstatus: proposed\n" in draft and "\nstatus: accepted" not in draft
    assert whypin(made.folder, "check", *TODAY).returncode == CLEAN


def test_hostile_names_are_no_paths_and_no_commands(tmp_path: Path) -> None:
    evil = "%0A::error::x"
    comment = "numpy 2 breaks us \u202e ::error:: \x1b[31m &anchor see https://git.example/issues/1"
    folder = tmp_path / evil
    project(folder, **{f"{evil}/requirements.txt": f"numpy==1.26.4  # {comment}\n"})
    done = whypin(folder, "init", "--yes", *TODAY)
    assert done.returncode == CLEAN, done.stderr
    assert not any(line.startswith("::") for line in done.stdout.splitlines())
    assert done.stdout.isascii() and "\x1b" not in done.stdout
    (draft,) = [path for path in files(folder) if path.startswith("decisions/2026")]
    assert "\x1b" not in (folder / draft).read_text()
    assert whypin(folder, "check", *TODAY).returncode == CLEAN


#: By folder of the corpus: the rules that its first check cannot be without, because the project itself is wrong.
REAL = {
    "uv.lock/Physical-Intelligence__openpi": set[str](),
    "poetry.lock/mozilla__translations": set[str](),
    "pdm.lock/pdm-project__pdm": set[str](),
    "Pipfile.lock/pypa__pipenv": {"WHY205"},
    "pylock.toml/snowflakedb__snowflake-cli": set[str](),
    "requirements/sissbruecker__linkding": set[str](),
    "requirements/kubeflow__pipelines__sdk": {"WHY205"},
    "conda-lock.yml/conda__conda-lock__pangeo": set[str](),
    "pixi.lock/prefix-dev__pixi__detectron2": set[str](),
}


@needs_corpus
@pytest.mark.parametrize("name", REAL)
def test_real_projects_are_green_from_the_first_check_on(tmp_path: Path, name: str) -> None:
    left = shutil.ignore_patterns("truth.json", "SOURCE.json")
    shutil.copytree(CORPUS / name, tmp_path, dirs_exist_ok=True, ignore=left)
    repository(tmp_path)
    done = whypin(tmp_path, "init", "--yes", *TODAY)
    assert done.returncode == CLEAN, done.stderr
    check = whypin(tmp_path, "check", *TODAY)
    errors = {
        word for line in check.stdout.splitlines() if " error WHY" in line for word in line.split() if "WHY" in word
    }
    assert (errors, check.returncode) == (REAL[name], FINDINGS if REAL[name] else CLEAN), check.stdout
    assert ("It is not green" in done.stdout) == bool(errors)
    before = files(tmp_path)
    again = whypin(tmp_path, "init", "--yes", "--today", "2027-01-01")
    assert "Nothing to write" in again.stdout, again.stdout
    assert files(tmp_path) == before


@needs_corpus
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", ["poetry.lock/mozilla__translations", "requirements/sissbruecker__linkding"])
def test_the_sites_of_real_projects_build_strictly(tmp_path: Path, name: str) -> None:
    shutil.copytree(CORPUS / name, tmp_path, dirs_exist_ok=True)
    assert whypin(tmp_path, "init", "--yes", *TODAY).returncode == CLEAN
    assert "catalogue/index.html" in pages(build_again(tmp_path, strict=True))
