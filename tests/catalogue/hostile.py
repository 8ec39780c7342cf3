"""Texts that try to run, to leave the page or to break it: every page has to show them as text."""

from __future__ import annotations

from typing import Any

from tests import build
from whypin.model.lock import Edge
from whypin.model.project import Project
from whypin.model.record import Record

PAYLOADS = {
    "script": "<script>window.pwned=1</script>",
    "closing the title": "</title></script><script>window.pwned=1</script>",
    "handler": '<img src=x onerror="window.pwned=1">',
    "handler without quotes": "<svg/onload=window.pwned=1>",
    "attribute": '" onmouseover="window.pwned=1" x="',
    "attribute with a single quote": "' onfocus='window.pwned=1' autofocus='",
    "already encoded": "&lt;script&gt;window.pwned=1&lt;/script&gt;",
    "encoded twice": "&amp;lt;script&amp;gt;window.pwned=1",
    "comment": "<!--> <script>window.pwned=1</script> -->",
    "cdata": "<![CDATA[<script>window.pwned=1</script>]]>",
    "processing instruction": "<?xml version='1.0'?><script>window.pwned=1</script>",
    "link": "[x](javascript:window.pwned=1)",
    "link with an entity": "[x](java&#115;cript:window.pwned=1)",
    "link with a tab": "[x](java\tscript:window.pwned=1)",
    "link in brackets": "[x](<javascript:window.pwned=1>)",
    "link with capitals": "[x](JaVaScRiPt:window.pwned=1)",
    "link with data": "[x](data:text/html;base64,PHNjcmlwdD53aW5kb3cucHduZWQ9MTwvc2NyaXB0Pg==)",
    "link with vbscript": "[x](vbscript:window.pwned=1)",
    "link that closes its attribute": '[x](https://a.example/"onclick="window.pwned=1)',
    "link with a title": "[x](https://a.example/ '\" onclick=\"window.pwned=1')",
    "link without a scheme": "[x](//evil.example/x)",
    "reference": "[x]\n\n[x]: javascript:window.pwned=1",
    "autolink": "<javascript:window.pwned=1>",
    "image": "![x](javascript:window.pwned=1)",
    "image with data": "![x](data:image/svg+xml,<svg/onload=window.pwned=1>)",
    "image from elsewhere": "![x](https://evil.example/pixel.png)",
    "attribute list": "x {: onclick=window.pwned=1 }",
    "attribute list of a link": "[x](https://a.example){: onclick=window.pwned=1 }",
    "attribute list of a block": "# x {onclick=window.pwned=1}",
    "fence": "```{.x onclick=window.pwned=1}\n<script>window.pwned=1</script>\n```",
    "open fence": "```\n<script>window.pwned=1</script>",
    "template": "{{ config }} {% include 'x' %} ${x} <%= x %>",
    "snippet": '--8<-- "/etc/hostname"',
    "block snippet": "--8<--\n/etc/hostname\n--8<--",
    "math": r"$$\href{javascript:window.pwned=1}{x}$$ \(x\)",
    "emoji and keys": ":smile: ++ctrl+alt++ ==x== ^^x^^ ~~x~~ {++x++}",
    "frame": "<iframe srcdoc='<script>window.pwned=1</script>'></iframe>",
    "markdown in html": '<div markdown="1" onclick="window.pwned=1">\n\n# x\n\n</div>',
    "headings": "# one\n\nTwo\n===\n\n###### six",
    "table": "| a | b |\n| --- | --- |\n| c | `|` |",
    "pipe": "a | b || c",
    "admonition": "!!! danger\n    x",
    "footnote and abbreviation": "x[^1]\n\n[^1]: <b>y</b>\n*[x]: <script>",
    "placeholder of Python-Markdown": "wzxhzdk:0 klzzwxh:0000",
    "nested": "> " * 300 + "x",
    "emphasis": "*" * 3000,
    "entities": "&#x3c;script&#x3e; &NewLine; &colon; &",
    "long": "x" * 10_000,
    "html of its own": "</div></div></article></main><h1>x</h1>",
}


def hostile_record(position: int, payload: str) -> Record:
    """A record with one text in every place where a text of its file can stand."""
    kept = build.record(
        f"2026-11-22-r{position}",
        considered_options="[{option: x, verdict: chosen, because: y}]",
        confirmation="[{run: x}, {check: y}]",
        exit_criteria="[{unlocked: x}, {issue: 'https://a.example'}]",
        attempts="[{date: 2026-11-20, package: x, version: 1, outcome: failed}]",
        waivers="[{advisory: X-1, reason: x, expires: 2027-01-01}]",
        artifacts="[{name: x, kind: other, version: 1, file: x, pattern: 'x{version}'}]",
    )
    evil: dict[str, Any] = dict.fromkeys(
        ("package", "version", "evidence", "tool", "python", "duration", "log"), payload
    )
    words: dict[str, Any] = dict.fromkeys(("title", "rationale", "context"), payload)
    lists: dict[str, Any] = dict.fromkeys(("deciders", "tags", "links", "consequences"), (payload,))
    return kept._replace(
        **(words | lists),
        packages={payload: kept.packages["numpy"]},
        considered_options=(kept.considered_options[0]._replace(option=payload, because=payload),),
        confirmation=tuple(step._replace(text=payload) for step in kept.confirmation),
        exit_criteria=tuple(one._replace(value=payload) for one in kept.exit_criteria),
        attempts=(kept.attempts[0]._replace(**evil, commands=(payload,)),),
        waivers=(kept.waivers[0]._replace(reason=payload, advisory=payload),),
        artifacts=(kept.artifacts[0]._replace(name=payload, version=payload, file=payload, pattern=payload),),
    )


def hostile_project() -> Project:
    """A project with every payload as a package, with a record about it, in a lock that is called so."""
    payloads = list(PAYLOADS.values())
    entries = [
        build.entry(one, one, marker=one, index=one, groups=(one,), edges=(Edge(one, (len(payloads) - 1 - position,)),))
        for position, one in enumerate(payloads)
    ]
    records = [hostile_record(position, payload) for position, payload in enumerate(payloads)]
    return build.project(*records, locks=[build.lock(*entries, path=f"{payloads[0]}/uv.lock")])
