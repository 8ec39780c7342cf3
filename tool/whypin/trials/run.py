"""One command of a trial: bounded in time and output, without the caller's secrets, ended with all it has started."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from time import monotonic
from typing import IO, NamedTuple

from whypin.errors import WhypinError
from whypin.trials import orphans
from whypin.trials.scratch import Scratch, check_room, deferred

#: The most bytes of one command's output that are kept: half from its beginning, half from its end.
MOST = 1 << 20
#: So many lines of each command are shown as progress; the rest is in the log.
SHOWN = 200
_LINE = 2000

#: What a command needs of the caller's environment, and nothing that is a secret.
_PLAIN = ("LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "COMSPEC", "PATHEXT", "SSL_CERT_FILE", "SSL_CERT_DIR")
#: What only the tools get: where packages come from, and where they may be kept. Addresses may hold passwords.
_FOR_TOOLS = (
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX", "PIP_CONFIG_FILE", "PIP_CACHE_DIR"),
    *("PIP_CERT", "PIP_TRUSTED_HOST", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    *("UV_INDEX", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_NO_INDEX"),
    *("UV_INDEX_STRATEGY", "UV_CONFIG_FILE", "UV_CACHE_DIR", "UV_SYSTEM_CERTS", "UV_NATIVE_TLS", "UV_INSECURE_HOST"),
    *("UV_OFFLINE", "UV_PYTHON_INSTALL_DIR", "UV_PYTHON", "POETRY_CACHE_DIR", "PDM_CACHE_DIR", "PIPENV_CACHE_DIR"),
    *("PDM_PYPI_URL", "PDM_PYPI_VERIFY_SSL", "PDM_PYPI_CA_CERTS", "PDM_CONFIG_FILE", "PDM_IGNORE_STORED_INDEX"),
    *("POETRY_CONFIG_DIR", "PIPENV_PYPI_MIRROR", "PIPENV_TIMEOUT"),
)
#: What keeps tools from asking, from drawing, and from fetching interpreters.
_MANNERS = {
    "NO_COLOR": "1",
    "UV_NO_PROGRESS": "1",
    "UV_PYTHON_DOWNLOADS": "never",
    "PIP_NO_INPUT": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_PROGRESS_BAR": "off",
    "POETRY_NO_INTERACTION": "1",
    "POETRY_KEYRING_ENABLED": "false",
    "PDM_CHECK_UPDATE": "0",
    "PDM_IGNORE_SAVED_PYTHON": "1",
    "PDM_USE_VENV": "1",
    "PIPENV_NOSPIN": "1",
    "PIPENV_HIDE_EMOJIS": "1",
    "PIPENV_VERBOSITY": "-1",
    "PIPENV_DONT_LOAD_ENV": "1",
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    "GIT_TERMINAL_PROMPT": "0",
    "PYTHONUNBUFFERED": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}


class Done(NamedTuple):
    """What came of a command: its exit code (None: it took too long), its output as far as kept, and its time."""

    code: int | None
    output: str
    seconds: float


def found(program: str, shims: bool = True) -> str | None:
    """Return the path of a program of this machine; what lies beside our own interpreter counts too.

    Of a name among shims nobody knows whether anything is behind it: they can be left out.
    """
    own = os.path.dirname(os.path.abspath(sys.executable))
    folders = [folder for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if os.path.isabs(folder)]
    folders = [folder for folder in folders if shims or os.path.basename(folder.rstrip(os.sep)) != "shims"]
    return shutil.which(program, path=os.pathsep.join([*folders, own]))


def environment(scratch: Scratch, named: Iterable[str], for_tool: bool) -> dict[str, str]:
    """Return the environment of a command: what it needs, and the variables that the user named."""
    names = [*_PLAIN, *(_FOR_TOOLS if for_tool else ()), *named]
    kept = {name: os.environ[name] for name in names if name in os.environ}
    pythons = os.path.join(os.path.expanduser("~"), ".local", "share", "uv", "python")
    if for_tool and os.path.isdir(pythons):
        kept.setdefault("UV_PYTHON_INSTALL_DIR", pythons)
    bin_folder = os.path.join(scratch.environment, "Scripts" if os.name == "nt" else "bin")
    return {
        **_MANNERS,
        # So wide that the words of tools come in whole lines.
        **({"COLUMNS": "400"} if for_tool else {}),
        **kept,
        "PATH": os.pathsep.join([bin_folder, *_path(), scratch.tools]),
        "HOME": scratch.home,
        "TMPDIR": scratch.temporary,
        "TEMP": scratch.temporary,
        "VIRTUAL_ENV": scratch.environment,
        "UV_PROJECT_ENVIRONMENT": scratch.environment,
        # Should one of them not take the environment for its own, what it makes lies in the scratch place as well.
        "POETRY_VIRTUALENVS_PATH": scratch.temporary,
        "WORKON_HOME": scratch.temporary,
        # Where the copy has no repository, one around the scratch place is none of it.
        "GIT_CEILING_DIRECTORIES": scratch.folder,
    }


def _path() -> list[str]:
    """Return the caller's PATH without the virtual environment that is active, or that we run in.

    A relative folder would be one of the project, and is left out.
    """
    own = {os.path.join(sys.prefix, "bin")} if sys.prefix != sys.base_prefix else set()
    if active := os.environ.get("VIRTUAL_ENV"):
        own.add(os.path.join(active, "bin"))
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return [folder for folder in folders if os.path.isabs(folder) and folder.rstrip(os.sep) not in own]


def secrets(named: Iterable[str]) -> list[str]:
    """Return what must not be shown, the longest first: the values of variables that the user named, and their lines.

    Output is shown line by line, and a key has several.
    """
    values = [os.environ.get(name, "") for name in named]
    lines = [line.strip() for value in values for line in value.splitlines()]
    return sorted({each for each in (*values, *lines) if len(each) > 5}, key=len, reverse=True)


def run(
    command: str | Sequence[str],
    folder: str,
    variables: Mapping[str, str],
    seconds: float,
    tell: Callable[[str], None],
    clean: Callable[[str], str],
) -> Done:
    """Run a command, or a line of shell, in a folder; its output goes through `clean` to `tell`, line by line.

    What it has started ends with it: after so many seconds, at an interrupt, and where it leaves something running.
    Raises WhypinError where it cannot be started, or the disk fills up.
    """
    begin = monotonic()
    output = _Output(tell, clean)
    process: subprocess.Popen[bytes] | None = None
    reader: threading.Thread | None = None
    known = orphans.adopt()
    try:
        # An interrupt must not come between the start of a process and our knowing of it.
        with deferred():
            process = _started(command, folder, variables)
        assert process.stdout is not None, "it is a pipe"
        reader = threading.Thread(target=output.read, args=(process.stdout,), daemon=True)
        reader.start()
        late = not _wait(process, begin + seconds, folder)
    finally:
        if process is not None:
            with deferred():
                _end(process)
                orphans.end(known)
                if reader is not None and reader.ident is not None:
                    reader.join(5)
    return Done(None if late else process.returncode, output.text(), monotonic() - begin)


def _started(command: str | Sequence[str], folder: str, variables: Mapping[str, str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            shell=isinstance(command, str),
            cwd=folder,
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        name = command if isinstance(command, str) else command[0]
        raise WhypinError(f"{name} cannot be run: {error.strerror}", hint="is it installed?") from None


def _wait(process: subprocess.Popen[bytes], deadline: float, folder: str) -> bool:
    """Wait for the end of a process, and tell whether it came in time; the disk is looked at meanwhile."""
    while (left := deadline - monotonic()) > 0:
        try:
            if hasattr(os, "waitid"):
                # Not reaped yet: its group can be ended before its number is given to another.
                if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None:
                    return True
                threading.Event().wait(min(left, 0.05))
            else:
                process.wait(min(left, 0.5))
                return True
        except subprocess.TimeoutExpired:
            pass
        check_room(folder)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and its whole group, politely first where it is still at work."""
    if process.returncode is None:
        _signal(process, signal.SIGTERM)
        deadline = monotonic() + 2
        while monotonic() < deadline and not _is_over(process):
            threading.Event().wait(0.02)
    _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))
    process.wait()


def _is_over(process: subprocess.Popen[bytes]) -> bool:
    if not hasattr(os, "waitid"):
        return process.poll() is not None
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
    except (ProcessLookupError, PermissionError):
        pass


class _Output:
    """What a command says: the beginning and the end are kept, the first lines shown."""

    def __init__(self, tell: Callable[[str], None], clean: Callable[[str], str]) -> None:
        self._tell, self._clean = tell, clean
        self._head: list[bytes] = []
        self._tail: deque[bytes] = deque()
        self._head_size = self._tail_size = self._left_out = self._lines = 0

    def read(self, stream: IO[bytes]) -> None:
        """Read until the end of the stream, and close it."""
        part = b""
        try:
            while chunk := os.read(stream.fileno(), 1 << 16):
                self._keep(chunk)
                *lines, part = (part + chunk).replace(b"\r", b"\n").split(b"\n")
                part = part[:_LINE]
                for line in lines:
                    self._show(line)
        except (OSError, ValueError):
            pass  # the stream was closed: the command is over
        self._show(part)
        stream.close()

    def _keep(self, chunk: bytes) -> None:
        if self._head_size < MOST // 2:
            self._head.append(chunk)
            self._head_size += len(chunk)
            return
        self._tail.append(chunk)
        self._tail_size += len(chunk)
        while self._tail_size - len(self._tail[0]) > MOST // 2:
            gone = len(self._tail.popleft())
            self._tail_size -= gone
            self._left_out += gone

    def _show(self, line: bytes) -> None:
        text = line[:_LINE].decode(errors="replace").strip()
        if text and self._lines <= SHOWN:
            self._lines += 1
            try:
                self._tell(self._clean(text) if self._lines <= SHOWN else "… more is in the log")
            except OSError:
                self._lines = SHOWN + 1  # nobody listens any more; the command must not notice

    def text(self) -> str:
        """Return the output as far as it was kept."""
        between = f"\n… {self._left_out} bytes are left out …\n".encode() if self._left_out else b""
        return self._clean(b"".join([*self._head, between, *self._tail]).decode(errors="replace"))
