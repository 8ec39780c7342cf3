"""What is written for CI, hooks and pull requests: small, and nothing that a host has to provide."""

from __future__ import annotations

from whypin.adopt.config import RECORDS

HOSTED = "https://git.example/whypin"

_WORKFLOW = """\
# Every version that matters has a reason, and the reason is checked.
name: whypin
on:
  pull_request:
  push:
    branches: [main, master]
  schedule:
    - cron: "17 5 * * 1"  # reviews fall due without any commit
permissions:
  contents: read
jobs:
  whypin:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - uses: actions/setup-python@v6
        with:
          python-version: "3.13"
      - run: pip install "{requirement}"
      - run: whypin check --format github
"""

_GITLAB = """\
whypin:
  image: python:3.13
  script:
    - pip install --quiet "{requirement}"
    - whypin check --format gitlab > whypin.json || true
    - whypin check
  artifacts:
    when: always
    reports:
      codequality: whypin.json
"""

_TEMPLATE = """\
## Dependencies

<!-- Only where a lock file changes. `whypin diff` shows what moved, and which decision covers it. -->

- [ ] `whypin check` is green
- [ ] what moved without a decision has one now, or is meant to float
- [ ] a new cap, pin or override has a record in `{records}/` that says why, and when it can go
"""


def requirement(version: str, repository: str | None) -> str:
    """Return what pip is asked for: a release of whypin from the index, or from the repository where that is named."""
    return f"whypin @ git+{repository}@v{version}" if repository else f"whypin=={version}"


def workflow(version: str, repository: str | None) -> str:
    """Return a workflow of GitHub Actions."""
    return _WORKFLOW.format(requirement=requirement(version, repository))


def gitlab_job(version: str, repository: str | None) -> str:
    """Return a job of GitLab CI."""
    return _GITLAB.format(requirement=requirement(version, repository))


def hook(version: str, repository: str | None, records: str) -> str:
    """Return the block of a .pre-commit-config.yaml; the hook looks for records in `decisions/` unless told more."""
    lines = [f"- repo: {repository or HOSTED}", f"  rev: v{version}", "  hooks:", "    - id: whypin-check"]
    if records != RECORDS:
        lines.append(f"      always_run: true  # the records are in {records}/")
    return "".join(f"{line}\n" for line in lines)


def template_section(records: str) -> str:
    """Return the section of a pull request template."""
    return _TEMPLATE.format(records=records)


def with_section(text: str, section: str) -> str:
    """Return a text with a section at its end; lines end as the others do."""
    newline = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text.strip() else newline if text.endswith("\n") else newline * 2
    return text + gap + section.replace("\n", newline)


def hides(gitignore: str, folder: str) -> bool:
    """Whether a .gitignore hides a folder of the root: the usual one for Python hides `/site`."""
    hidden = False
    for line in gitignore.splitlines():
        pattern = line.strip()
        if pattern.lstrip("!").removeprefix("**/").lstrip("/").rstrip("/*") == folder:
            hidden = not pattern.startswith("!")
    return hidden
