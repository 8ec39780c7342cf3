from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from uv import find_uv_bin

from tests.build import project, record
from tests.folders import uv_lock, write
from whypin.emitters.uv_audit import render
from whypin.errors import WhypinError

PATH = "pyproject.toml"
WAIVERS = """[{advisory: CVE-2023-44271, reason: "We render\\nno fonts.", expires: 2027-05-22},
  {advisory: CVE-2020-1, reason: over, expires: 2026-11-01}]"""
ONE = project(record("2026-11-20-pillow", packages="{pillow: 10.0.0}", waivers=WAIVERS))
LIST = """\
ignore = [
    # whypin: begin. Written by whypin emit uv-audit: change the decision records instead.
    "CVE-2023-44271",  # until 2027-05-22: We render no fonts. (decisions/2026-11-20-pillow.yaml)
    # whypin: end
]
"""
PROJECT = '[project]\nname = "app"\nversion = "0.1.0"\nrequires-python = ">=3.11"\ndependencies = ["pillow"]\n'


def test_the_list_is_begun_where_there_is_none() -> None:
    assert render(ONE, PROJECT, PATH).text == f"{PROJECT}\n[tool.uv.audit]\n{LIST}"
    assert render(ONE, None, "uv.toml").text == f"[audit]\n{LIST}"
    assert render(ONE, "offline = false\n", "sub/uv.toml").text == f"offline = false\n\n[audit]\n{LIST}"


OTHERS = {
    "no table": PROJECT,
    "table": PROJECT + "[tool.uv.audit] # ours\n# more\nignore-until-fixed = ['CVE-1']\n\n[tool.x]\na = 1\n",
    "empty list": PROJECT + "[tool.uv.audit]\nignore = []\n",
    "list": PROJECT + "[tool.uv.audit]\nignore = [ # ours\n  'GHSA-1', # x\n]\n",
    "one line": PROJECT + '[tool.uv]\naudit.ignore = ["GHSA-1","GHSA-2"] # y\n',
    "inline": PROJECT + '[tool.uv]\naudit = { ignore = ["GHSA-1"] }\n',
    "marked": PROJECT + '[tool.uv.audit]\nignore = [\n  "GHSA-1",\n  # whypin: begin\n  # whypin: end\n]\n',
    "windows": (PROJECT + "[tool.uv.audit]\nignore = [\n  'GHSA-1',\n]\n").replace("\n", "\r\n"),
    "uv": PROJECT + "[tool.uv]\nmanaged = true\n",
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_it_is_merged_again_and_again_and_nothing_else_changes(text: str) -> None:
    first = render(ONE, text, PATH).text or ""
    assert render(ONE, first, PATH).text == first
    before, after = tomllib.loads(text), tomllib.loads(first)
    by_hand = before.get("tool", {}).get("uv", {}).get("audit", {}).get("ignore", [])
    assert sorted(after["tool"]["uv"]["audit"].pop("ignore")) == sorted([*by_hand, "CVE-2023-44271"])
    assert after["project"] == before["project"] and after["tool"].get("x") == before.get("tool", {}).get("x")
    emptied = render(project(), first, PATH).text or ""
    assert tomllib.loads(emptied)["tool"]["uv"]["audit"]["ignore"] == by_hand
    assert render(ONE, emptied, PATH).text == first
    assert first.count("\r\n") in (0, first.count("\n"))
    position = 0
    for character in text:  # every character is still there, in its order
        position = first.index(character, position) + 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.uv]\naudit.ignore-until-fixed = []\naudit.x = 1\n", ":2:1: a list .* can't be begun here"),
        ("[tool.uv.audit]\nignore = 'x'\n", ":2:1: no list of ignored advisories"),
        ("[project]\ndependencies = [\n# whypin: begin\n# whypin: end\n]\n", ":3:1: .* stands in no list of ignored"),
        ("[tool]\nuv = {}\n", "not valid TOML"),
        ("[", "not valid TOML"),
    ],
)
def test_what_cannot_be_merged_is_one_clear_line(text: str, message: str) -> None:
    with pytest.raises(WhypinError, match=f"^pyproject.toml.*{message}"):
        render(ONE, text, PATH)


def test_without_waivers_nothing_is_begun() -> None:
    assert (render(project(), PROJECT, PATH).text, render(project(), None, PATH).text) == (PROJECT, None)
    assert render(ONE, None, PATH).fragment


def test_what_is_ignored_by_hand_too_is_said() -> None:
    (note,) = render(ONE, '[tool.uv.audit]\nignore = ["CVE-2023-44271"]\n', PATH).notes
    assert note.startswith("pyproject.toml ignores CVE-2023-44271 by hand too")


class _Advisories(BaseHTTPRequestHandler):
    """A service of advisories that knows one, of pillow."""

    KNOWN = {  # noqa: RUF012
        "id": "PYSEC-2023-1",
        "aliases": ["CVE-2023-44271"],
        "modified": "2023-01-01T00:00:00Z",
        "affected": [
            {
                "package": {"name": "pillow", "ecosystem": "PyPI"},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}],
            }
        ],
    }

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self, data: object) -> None:
        body = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        found = {"vulns": [{"id": self.KNOWN["id"], "modified": self.KNOWN["modified"]}]}
        self._answer({"results": [found if one["package"]["name"] == "pillow" else {} for one in asked["queries"]]})

    def do_GET(self) -> None:
        self._answer(self.KNOWN if self.path.startswith("/v1/") else {"files": [], "meta": {"api-version": "1.1"}})


@pytest.fixture
def service() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Advisories)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_uv_itself_ignores_what_is_waived(tmp_path: Path, service: str) -> None:
    text = uv_lock(pillow="10.0.0").replace("https://index.example/simple", f"{service}/simple")
    text = text.replace("sha256:00", f"sha256:{0:064}")
    write(tmp_path, {"uv.lock": text, "pyproject.toml": PROJECT})
    assert audit(tmp_path, service) == 1
    write(tmp_path, {"pyproject.toml": render(ONE, PROJECT, PATH).text or ""})
    assert audit(tmp_path, service) == 0


def audit(folder: Path, service: str) -> int:
    command = [find_uv_bin(), "audit", "--frozen", "--service-url", service]
    environment = {
        "UV_CACHE_DIR": str(folder / "cache"),
        "UV_NO_PROGRESS": "1",
        "UV_PYTHON": sys.executable,
        "HOME": str(folder),
    }
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)
    assert "1 package" in done.stdout + done.stderr, done.stderr
    return done.returncode
