"""The first pages of a team's own site: short, general, and meant to be edited."""

from __future__ import annotations

from collections.abc import Mapping

_MKDOCS = """\
# The site of our decisions: pip install "whypin[site]", then mkdocs serve.
site_name: Our stack
docs_dir: {folder}
site_dir: build/site
theme:
{theme}
plugins:
  - search
  - whypin
nav:
  - Start here: index.md
  - Guide:
      - Your first day: guide/first-day.md
      - Write a record: guide/write-a-record.md
      - Update a dependency: guide/update-a-dependency.md
      - Review a lock change: guide/review-a-lock-change.md
  - Catalogue: catalogue/index.md
"""

#: No theme may fetch from another host: fonts, or a highlighter.
_THEMES = {
    "material": "  name: material\n  font: false",
    "mkdocs": "  name: mkdocs\n  highlightjs: false",
}

_INDEX = """\
# Our stack

A lock file says what is installed. These pages say **why**: who chose a version, what was tried instead, and when the
reason ends.

| You want to | Read |
| --- | --- |
| know what we run, and how each choice stands | [the catalogue](catalogue/index.md) |
| find your way on the first day | [Your first day](guide/first-day.md) |
| keep what you have just found out | [Write a record](guide/write-a-record.md) |
| take another version | [Update a dependency](guide/update-a-dependency.md) |
| judge a change of the lock | [Review a lock change](guide/review-a-lock-change.md) |

The rule is short: **critical packages need a decision, caps need a reason, the rest floats under the lock.** What
was there before the rule is listed in `{records}/exemptions.yaml`, and that list only gets shorter.
"""

_FIRST_DAY = """\
# Your first day

You can find out by yourself why every version here is as it is.

1. Open [the catalogue](../catalogue/index.md). Its first page tells what we chose ourselves and how each choice stands:
   *decided* (somebody wrote down why), *exempt* (it was there before we asked), *undecided* (somebody should),
   *not required* (it may float).
2. Pick a version that looks wrong to you, and ask:

    ```sh
    whypin explain NAME
    ```

    It tells who decided, why, what was tried, what needs the package, and what would end the reason. Nobody decided?
    Then you may be the first to ask, and [write it down](write-a-record.md).

3. Run the check that the pipeline runs:

    ```sh
    whypin check
    ```

## Whom to ask

- Each record names its `deciders`.
- Add here who looks after what, and where the team talks.
"""

_WRITE = """\
# Write a record

A record is one YAML file in `{records}/`, named by its day: `2026-11-22-numpy.yaml`. Two minutes are enough.

```yaml
title: Hold NumPy below 2 until our extension is built for it
status: accepted
deciders: [data-team]
packages:
  numpy: "<2"
rationale: |
  The extension was compiled against NumPy 1 and does not import with 2.0.
exit_criteria:
  - date: 2027-06-01
```

- **Say what breaks**, with the version and the message. "For stability" helps nobody in a year.
- **Hold as little as the reason asks for**: a bounded range such as `">=1.26,<2"` lets routine updates through.
- **Say when it ends**: a day, another package's version (`locked`), a package that is gone (`unlocked`), an issue.
- Not sure yet? `status: proposed` holds nothing, and its `rationale` may stay empty.

`whypin check` reads it with the lock and says what does not fit. A decision that was accepted is not edited: write
another that names it under `supersedes`.

## Drafts

A file with `status: proposed` and a quotation as its `context` was written when we began. The quotation is what
stood beside the requirement; whether it is the reason is for you to say. Write the `rationale`, correct the `packages`,
name the `deciders` and set the status to `accepted`; or delete the file.
"""

_UPDATE = """\
# Update a dependency

1. **Ask first.** `whypin explain NAME==VERSION` tells whether a decision keeps the version out, and what was tried.
2. **Try it.** `whypin trial NAME==VERSION` locks and installs it in a scratch copy, runs the steps under `confirmation`
   in its record, and logs under `attempts` what came of it. A failure is worth as much: it saves the next one a day.
3. **Take it.** With `--apply --supersede` the trial changes manifest and lock, and starts the decision that replaces
   the old one. By hand, move that package alone, with the tool that wrote the lock, and type `whypin supersede ID`.
4. **Say why** in the new record. Where the old version was exempt, the exemption has ended: the package needs a record
   now, or none if it is no longer critical.
5. **Check**: `whypin check`. It names each decision that the new version goes against. Manifest, lock and record go
   into one commit.
"""

_REVIEW = """\
# Review a lock change

Four thousand changed lines come down to a few moves.

```sh
whypin diff
```

- **What was asked for?** The manifest tells. Everything else in the lock came with it.
- **What moved without a decision?** If it is on our list of critical packages, the check fails until there is one.
- **What moved against one?** Then the record says who decided and why. Ask them.
- **Did anything go down?** Rarely on purpose.
- **Is a cap new?** It needs a record that says why, and when it can go.
- **Is an exemption new?** It should not be: the list in `{records}/exemptions.yaml` only gets shorter.
- **Was an accepted record edited?** Its packages and its reason stay as they were; another one supersedes it.
"""

_PAGES = {
    "index.md": _INDEX,
    "guide/first-day.md": _FIRST_DAY,
    "guide/write-a-record.md": _WRITE,
    "guide/update-a-dependency.md": _UPDATE,
    "guide/review-a-lock-change.md": _REVIEW,
}


def site(folder: str, records: str, theme: str) -> Mapping[str, str]:
    """Return the files of a site by their paths: its pages, and last the mkdocs.yml that builds them."""
    files = {f"{folder}/{name}": text.replace("{records}", records) for name, text in _PAGES.items()}
    return {**files, "mkdocs.yml": _MKDOCS.format(folder=folder, theme=_THEMES[theme])}
