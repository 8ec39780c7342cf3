"""Where advisories come from: zips that mean harm, folders, damaged indexes, and a server that does what it likes."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import ssl
import struct
import subprocess
import threading
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.advisories.osv import advisory
from tests.folders import write
from whypin import feed
from whypin.advisories.build import Built
from whypin.errors import WhypinError

TODAY = date(2026, 11, 22)
ONE = json.dumps(advisory()).encode()


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def read(folder: Path, data: bytes) -> Built:
    (folder / "all.zip").write_bytes(data)
    return feed.read(str(folder / "all.zip"), "all.zip", TODAY)


def test_a_zip_and_a_folder_of_the_same_come_to_the_same(tmp_path: Path) -> None:
    members = {"PYSEC-2023-227.json": ONE, "README.md": b"Advisories"}
    built = read(tmp_path, zipped(members))
    folder = write(tmp_path / "vulns", {"pillow/PYSEC-2023-227.json": ONE, ".git/x.json": b"{", "README.md": b"A"})
    assert feed.load(str(folder), "vulns", TODAY).body == built.index.body
    assert (built.index.count, built.left_out) == (1, ())


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"vulns/PYSEC-2023-227.json": ONE, "secret.json": ONE, "other/PYSEC-1.json": ONE})
    (tmp_path / "vulns/link.json").symlink_to(tmp_path / "secret.json")
    (tmp_path / "vulns/folder").symlink_to(tmp_path / "other")
    built = feed.read(str(tmp_path / "vulns"), "vulns", TODAY)
    told = ("folder: links are not followed", "link.json: links are not followed")
    assert (built.index.count, built.left_out) == (1, told)


def test_folders_without_end_are_told_and_not_looked_into(tmp_path: Path) -> None:
    deep = "/".join(["deep"] * 22)
    built = feed.read(str(write(tmp_path, {"a.json": ONE, f"{deep}/b.json": ONE})), "vulns", TODAY)
    assert built.index.count == 1
    assert [why.endswith("deep: a folder as deep as this is not looked into") for why in built.left_out] == [True]


def test_an_archive_within_the_archive_is_named_and_not_opened(tmp_path: Path) -> None:
    built = read(tmp_path, zipped({"PYSEC-2023-227.json": ONE, "more.zip": zipped({"a.json": ONE})}))
    assert built.left_out == ("more.zip: an archive in the archive is not opened",)


@pytest.mark.parametrize("name", ["../a.json", "a/../../b.json", "/etc/a.json", "..\\a.json", "C:\\a.json"])
def test_a_name_that_leads_out_of_the_zip_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(WhypinError, match="which leads out of it"):
        read(tmp_path, zipped({"PYSEC-2023-227.json": ONE, name: ONE}))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with pytest.raises(WhypinError, match=r"bomb\.json unpacks to 4000000 bytes"):
        read(tmp_path, zipped({"PYSEC-2023-227.json": ONE, "bomb.json": b" " * 4_000_000}))


def test_too_many_files_and_too_large_ones_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped({f"{number}.json": ONE for number in range(5)})
    for limit, words in (("MAX_MEMBERS", "too many files"), ("MAX_UNPACKED", "far more"), ("MAX_ARCHIVE", "too large")):
        with monkeypatch.context() as patch:
            patch.setattr(feed, limit, 3)
            with pytest.raises(WhypinError, match=words):
                read(tmp_path, data)


def test_a_file_too_large_for_an_advisory_is_left_out_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "MAX_MEMBER", len(ONE))
    built = read(tmp_path, zipped({"a.json": ONE, "large.json": ONE + b" "}))
    assert built.left_out == (f"large.json: it is too large for an advisory ({len(ONE) + 1} bytes)",)


def damaged_zips() -> Iterator[tuple[str, bytes]]:
    good = zipped({"PYSEC-2023-227.json": ONE * 1, "b.json": ONE})
    yield "cut short", good[:-30]
    yield "no zip", b"PK\x03\x04 and so on"
    yield "empty", b""
    stored = zipped({"a.json": ONE}, zipfile.ZIP_STORED)
    yield "changed", stored.replace(b"PYSEC-2023-227", b"PYSEC-2023-228", 1)
    yield "broken stream", good[:60] + bytes([good[60] ^ 0xFF] * 20) + good[80:]
    for name, kind in (("lzma", zipfile.ZIP_LZMA), ("bz2", zipfile.ZIP_BZIP2)):
        packed = zipped({"a.json": ONE * 20}, kind)
        yield name, packed[:60] + bytes(byte ^ 0xFF for byte in packed[60:90]) + packed[90:]
    encrypted = bytearray(good)
    directory = good.index(b"PK\x01\x02")
    encrypted[directory + 8 : directory + 10] = struct.pack("<H", 1)
    yield "encrypted", bytes(encrypted)


@pytest.mark.parametrize(("kind", "data"), list(damaged_zips()), ids=[kind for kind, _ in damaged_zips()])
def test_a_damaged_zip_is_one_clear_line(tmp_path: Path, kind: str, data: bytes) -> None:
    with pytest.raises(WhypinError, match=r"all\.zip:1:1: (the zip is damaged|neither a zip nor an index)"):
        read(tmp_path, data)


def test_what_is_not_there_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(WhypinError, match="there are no advisories here; correct the path, or make it: whypin adv"):
        feed.load(str(tmp_path / "osv.index"), "osv.index", TODAY)


def test_an_index_is_no_export_to_build_one_from(tmp_path: Path) -> None:
    index = read(tmp_path, zipped({"a.json": ONE})).index
    write(tmp_path, {"osv.index": index.dump()})
    with pytest.raises(WhypinError, match=r"osv\.index:1:1: this is an index already; give the export"):
        feed.build(str(tmp_path / "osv.index"), str(tmp_path / "new.index"))


def test_an_export_that_cannot_be_read_leaves_the_old_index(tmp_path: Path) -> None:
    write(tmp_path, {"osv.index": "old", "bad.zip": zipped({"a.json": b"{"})})
    with pytest.raises(WhypinError, match="there is no advisory in it"):
        feed.build(str(tmp_path / "bad.zip"), str(tmp_path / "osv.index"))
    assert (tmp_path / "osv.index").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.zip", "osv.index"]


# A server of our own, with a certificate that nobody else trusts.

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not there to make a certificate")


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = zipped({"PYSEC-2023-227.json": ONE})
        if self.path == "/moved":
            self._head(302, 0, Location=f"https://localhost:{self.server.server_port}/all.zip")  # type: ignore[attr-defined]
        elif self.path == "/plain":
            self._head(302, 0, Location="http://localhost:1/all.zip")
        elif self.path == "/gone":
            self._head(404, 0)
        elif self.path == "/huge":
            self._head(200, 10**12)
        elif self.path == "/broken":
            self._head(200, len(body))
            self.wfile.write(body[: len(body) // 2])
        elif self.path == "/slow":
            self._head(200, len(body))
            self.wfile.write(body[:10])
            self.rfile.read(1)  # until the client goes
        elif self.path == "/open":
            self._head(200, len(body))
            self.wfile.write(body)
            self.rfile.read(1)
        elif self.path == "/page":
            self._head(200, 6)
            self.wfile.write(b"<html>")
        else:
            self._head(200, len(body))
            self.wfile.write(body)

    def _head(self, status: int, length: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(length), **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tls") / "own.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*made, *names, "-keyout", path, "-out", f"{path}.crt"], check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


@pytest.fixture
def server(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server whose certificate is trusted while it runs."""
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    running = HTTPServer(("localhost", 0), _Answers)
    running.socket = context.wrap_socket(running.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    with contextlib.closing(running.socket):
        yield f"https://localhost:{running.server_port}"
        running.shutdown()
        thread.join()


@needs_openssl
@pytest.mark.parametrize("path", ["/all.zip", "/moved", "/open"])
def test_an_update_fetches_checks_and_replaces(
    tmp_path: Path, server: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "_PATIENCE", 2)
    write(tmp_path, {"osv.index": "old"})
    told: list[tuple[int, int | None]] = []
    built = feed.update(server + path, str(tmp_path / "osv.index"), lambda done, total: told.append((done, total)))
    index = feed.load(str(tmp_path / "osv.index"), "osv.index", TODAY)
    assert (built.index.count, index.count, [path.name for path in tmp_path.iterdir()]) == (1, 1, ["osv.index"])
    assert told[-1][0] == told[-1][1]


@needs_openssl
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/gone", "could not be fetched: the server says 404"),
        ("/huge", "could not be fetched: the answer is too large"),
        ("/plain", "is not an https address"),
        ("/page", "neither a zip nor an index of advisories"),
        ("/broken", "could not be fetched: "),
    ],
)
def test_whatever_goes_wrong_the_old_index_stays(tmp_path: Path, server: str, path: str, words: str) -> None:
    write(tmp_path, {"osv.index": "old"})
    with pytest.raises(WhypinError, match=words):
        feed.update(server + path, str(tmp_path / "osv.index"), lambda done, total: None)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("osv.index", "old")]


@needs_openssl
def test_a_server_that_drips_is_given_up(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "_DEADLINE", -1)
    monkeypatch.setattr(feed, "_PATIENCE", 1)
    with pytest.raises(WhypinError, match="could not be fetched: the answer takes too long"):
        feed.update(f"{server}/slow", str(tmp_path / "osv.index"), lambda done, total: None)


@needs_openssl
def test_a_server_that_nobody_vouches_for_is_refused(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(WhypinError, match="certificate verify failed"):
        feed.update(f"{server}/all.zip", str(tmp_path / "osv.index"), lambda done, total: None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["http://a.example/all.zip", "file:///etc/passwd", "ftp://a.example/x", "all.zip", ""])
def test_nothing_but_https_is_fetched(tmp_path: Path, url: str) -> None:
    with pytest.raises(WhypinError, match="is not an https address"):
        feed.update(url, str(tmp_path / "osv.index"), lambda done, total: None)


def test_the_proxy_of_the_environment_is_used_and_no_secret_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://localhost:1")
    monkeypatch.setenv("no_proxy", "")
    url = "https://a.example/all.zip?token=secret"
    with pytest.raises(WhypinError, match=r"refused|assign") as raised:  # by the proxy: a.example has no address at all
        feed.update(url, str(tmp_path / "osv.index"), lambda done, total: None)
    assert "secret" not in str(raised.value)


def test_a_password_in_the_address_is_refused_and_not_shown(tmp_path: Path) -> None:
    with pytest.raises(WhypinError, match=r"^https://a\.example/all\.zip was given with a name or password") as raised:
        feed.update("https://user:secret@a.example/all.zip", str(tmp_path / "osv.index"), lambda done, total: None)
    assert "secret" not in str(raised.value)
