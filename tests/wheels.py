"""Packages made by hand: a folder of tiny wheels and source archives is an index that needs no network."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import threading
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def wheel(folder: Path, name: str, version: str, requires: Sequence[str] = (), python: str = "") -> None:
    """Write a wheel with one module that knows its version."""
    info = f"{name}-{version}.dist-info"
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    head += f"Requires-Python: {python}\n" if python else ""
    files = {
        f"{name}.py": f'version = "{version}"\n',
        f"{info}/METADATA": head + "".join(f"Requires-Dist: {each}\n" for each in requires),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(_recorded(*item) for item in files.items()) + f"{info}/RECORD,,\n"
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)


def _recorded(path: str, text: str) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
    return f"{path},sha256={digest},{len(text.encode())}\n"


def broken(folder: Path, name: str, version: str) -> None:
    """Write a source archive that cannot be built: its backend is its own, and raises."""
    pyproject = (
        f'[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        f'[project]\nname = "{name}"\nversion = "{version}"\n'
    )
    files = {
        "pyproject.toml": pyproject,
        "backend.py": 'raise RuntimeError("numpy.distutils is gone")\n',
        "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
    }
    with tarfile.open(folder / f"{name}-{version}.tar.gz", "w:gz") as archive:
        for path, text in files.items():
            member = tarfile.TarInfo(f"{name}-{version}/{path}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))


def index(folder: Path) -> Path:
    """Write the packages of the tests: tiny 1.0 to 3.0, cap that holds it below 2, top that takes any.

    The third tiny cannot be built. Of still and deep there are two each; the latter comes with brings.
    """
    for version in ("1.0", "1.5", "2.0"):
        wheel(folder, "tiny", version)
    wheel(folder, "cap", "1.0", ["tiny<2"])
    wheel(folder, "top", "1.0", ["tiny"])
    wheel(folder, "top", "2.0", ["tiny>=2"])
    broken(folder, "tiny", "3.0")
    for version in ("1.0", "1.1"):
        wheel(folder, "still", version)
        wheel(folder, "deep", version)
    wheel(folder, "brings", "1.0", ["deep"])
    return folder


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder of packages as a simple index (PEP 503) on this machine; yields its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/simple/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(SimpleHTTPRequestHandler):
    """`/simple/NAME/` lists the files of a package with their hashes, and `/FILE` is one."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if not self.path.startswith("/simple/"):
            super().do_GET()
            return
        name = self.path.removeprefix("/simple/").strip("/").lower().replace("-", "_")
        files = sorted(path for path in Path(self.directory).iterdir() if path.name.startswith(f"{name}-"))
        links = "".join(
            f'<a href="/{file.name}#sha256={hashlib.sha256(file.read_bytes()).hexdigest()}">{file.name}</a>\n'
            for file in files
        )
        body = f"<!DOCTYPE html>\n<html><body>\n{links}</body></html>\n".encode()
        self.send_response(200 if files else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass
