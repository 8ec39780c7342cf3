"""Packages made by hand: a folder of tiny wheels and source archives is an index that needs no network."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Sequence
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
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in (*files, f"{info}/RECORD"))
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)


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
    """Write the packages of the tests: tiny 1.0 to 3.0, cap that holds it below 2, top that takes any."""
    for version in ("1.0", "1.5", "2.0"):
        wheel(folder, "tiny", version)
    wheel(folder, "cap", "1.0", ["tiny<2"])
    wheel(folder, "top", "1.0", ["tiny"])
    wheel(folder, "top", "2.0", ["tiny>=2"])
    broken(folder, "tiny", "3.0")
    return folder
