"""One command from a fresh machine to a running park: sets up `.venv`, then opens ParkLink or runs its tests.

Standard library only, and written so that an old Python can still read it and be told that it is too old.
"""

import argparse
import contextlib
import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Iterator

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = (
    VENV / "parklink-ready"
)  # written last: which locks, which Python, which folder this .venv was finished for
UNFINISHED = VENV / "parklink-unfinished"  # written first: a .venv with this and no stamp was interrupted
LOG = VENV / "parklink-setup.log"
LOCKS = {"serve": ROOT / "requirements.lock", "test": ROOT / "requirements-test.lock"}
OLDEST = (3, 11)
# Two processes; a file stays in one, as its server and databases are shared in it.
WHOLE_SUITE = ["--tb=short", "-n", "2", "--dist", "loadfile"]
BASE = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)  # not a .venv we may remove
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==[^\s;\\]+(\s*;[^\\]*)?\s*\\?$")
HASH = re.compile(r"^\s+--hash=sha256:[0-9a-f]{64}(\s*\\)?$")
NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|Temporary failure in name resolution|Network is unreachable"
    r"|Connection refused|ConnectTimeoutError|ProxyError|Name or service not known|Failed to establish"
)
STARTED = time.monotonic()

HELP = """\
python3 run.py [serve]      set up what is missing, migrate, load the demo park once, serve http://127.0.0.1:8000
                            首次运行自动安装依赖、建库并载入演示园区,然后打开网站;再次运行只需数秒
python3 run.py test [...]   set up the test tools as well and run every test; further arguments go to pytest
                            安装测试工具并运行全部测试;其余参数原样交给 pytest

Settings come from the environment:
  PARKLINK_HOST, PARKLINK_PORT   where to listen (127.0.0.1, 8000)
  PARKLINK_DATABASE_URL          SQLite in instance/ unless given, e.g. postgresql+psycopg://user@host/db
  PARKLINK_SECRET_KEY            required outside the demo
Exit codes: 0 done or stopped by Ctrl-C, 1 a test failed, 2 something is in the way (one line says what)."""


class Obstacle(Exception):
    """Something the person at the keyboard can clear away; its text is the one line they read."""


def say(text: str) -> None:
    print(f"[{time.monotonic() - STARTED:5.1f} s] {text}", flush=True)


# --- what must hold before anything is done ---


def check_python(version: "tuple[int, ...]" = tuple(sys.version_info[:3])) -> None:
    if version < OLDEST:
        found = ".".join(str(part) for part in version)
        raise Obstacle(f"ParkLink needs Python 3.11 or newer; this is Python {found}.")
    if os.name != "posix":
        raise Obstacle("ParkLink runs on Linux and macOS; on Windows please use WSL.")


def check_port(host: str, port_text: str) -> None:
    if not (port_text.isascii() and port_text.isdigit()) or not 1 <= int(port_text) <= 65535:
        raise Obstacle(f"PARKLINK_PORT must be a number from 1 to 65535, not {port_text!r}.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, int(port_text), type=socket.SOCK_STREAM
        )[0]
    except OSError:
        raise Obstacle(f"PARKLINK_HOST {host!r} is not an address of this machine.") from None
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except PermissionError:
            raise Obstacle(
                f"Port {port_text} needs administrator rights; choose another: PARKLINK_PORT=8080"
            ) from None
        except OSError as error:
            if error.errno in (98, 48):  # EADDRINUSE on Linux, macOS
                raise Obstacle(
                    f"Port {port_text} on {host} is taken, perhaps by another ParkLink; choose another: "
                    f"PARKLINK_PORT={int(port_text) % 65535 + 1} python3 run.py"
                ) from None
            raise Obstacle(f"Cannot listen on {host}:{port_text}: {error.strerror}.") from None


def check_writable(folder: Path) -> None:
    probe = folder / f".write-probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink(missing_ok=True)  # another start in this process may have been quicker
    except OSError as error:
        raise Obstacle(f"Cannot write in {folder}: {error.strerror}.") from None


def read_lock(lock: Path) -> "list[str]":
    """The lines `name==version` of a lock file, refused unless every single one is pinned and hashed."""
    try:
        lines = lock.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise Obstacle(f"{lock.name} is missing or unreadable; restore it from the repository.") from None
    pins = []  # type: list[str]
    hashed = True
    for number, line in enumerate([*lines, ""], start=1):
        if HASH.match(line) and pins:
            hashed = True
        elif PIN.match(line) and hashed:
            pins.append(line.rstrip("\\ "))
            hashed = False
        elif line.strip() and not line.startswith("#"):
            raise Obstacle(f"{lock.name}, line {number} is broken: no name==version with hashes; restore it.")
    if not pins or not hashed:
        raise Obstacle(f"{lock.name} is broken: it ends without pins and their hashes, restore the file.")
    return pins


# --- the environment ---


def fingerprint(purpose: str) -> str:
    """What a finished set-up depends on: the lock, the interpreter and the folder (scripts name it)."""
    parts = [
        LOCKS[purpose].read_bytes(),
        sys.version.encode(),
        BASE.encode(),
        bytes(ROOT),
    ]
    return f"{purpose} {hashlib.sha256(b'|'.join(parts)).hexdigest()}"


def is_ready(purpose: str) -> bool:
    try:
        return fingerprint(purpose) in STAMP.read_text(encoding="utf-8").splitlines() and os.access(
            str(PYTHON), os.X_OK
        )
    except (OSError, UnicodeDecodeError):
        return False


def clean_environment() -> "dict[str, str]":
    """The caller's environment without what would lead pip or Python away from our `.venv`."""
    misleading = {"PYTHONHOME", "PYTHONPATH", "PYTHONUSERBASE", "__PYVENV_LAUNCHER__", "VIRTUAL_ENV"}
    misleading |= {
        f"PIP_{name}"
        for name in ("USER", "TARGET", "PREFIX", "ROOT", "CONSTRAINT", "REQUIREMENT", "REQUIRE_VIRTUALENV")
    }
    environment = {name: value for name, value in os.environ.items() if name not in misleading}
    return {**environment, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


def works(command: "list[str]") -> bool:
    try:
        return (
            subprocess.run(
                command, env=clean_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ).returncode
            == 0
        )
    except OSError:
        return False


def make_venv() -> None:
    """An empty environment: by the `venv` module, or by hand where a distribution has cut that out."""
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(str(VENV))
    VENV.mkdir()
    UNFINISHED.touch()
    if not works([BASE, "-m", "venv", "--without-pip", str(VENV)]):
        (VENV / "bin").mkdir(exist_ok=True)
        library = VENV / "lib" / "python{}.{}".format(*sys.version_info[:2]) / "site-packages"
        library.mkdir(parents=True, exist_ok=True)
        for name in ("python", "python3"):
            link = VENV / "bin" / name
            if not os.path.lexists(str(link)):
                link.symlink_to(BASE)
        config = f"home = {Path(BASE).parent}\ninclude-system-site-packages = false\n"
        (VENV / "pyvenv.cfg").write_text(config, encoding="utf-8")
    if not works([str(PYTHON), "-c", "import sys; raise SystemExit(sys.prefix == sys.base_prefix)"]):
        raise Obstacle(f"{BASE} cannot make a virtual environment in {VENV}.")


def pip_command() -> "list[str]":
    """pip for our `.venv`: its own, or the one bundled with Python, or the one of the Python that runs us."""
    own = [str(PYTHON), "-m", "pip"]
    if works([*own, "--version"]):
        return own
    if works([str(PYTHON), "-m", "ensurepip", "--default-pip"]) and works([*own, "--version"]):
        return own
    for lender in (sys.executable, BASE):
        lent = [lender, "-m", "pip", "--python", str(PYTHON)]
        if works([*lent, "--version"]):
            return lent
    raise Obstacle("pip is missing: install it (Debian, Ubuntu: apt-get install python3-pip) and try again.")


def install(pip: "list[str]", lock: Path) -> None:
    """Installs a lock file, wheels only, every download checked by its hash; what pip says goes to a log in `.venv`."""
    options = ["--require-hashes", "--only-binary", ":all:", "--no-user"]
    total = len(read_lock(lock))
    seen = 0
    with LOG.open("a", encoding="utf-8") as protocol:
        command = [*pip, "install", *options, "-r", str(lock)]
        with subprocess.Popen(
            command,
            env=clean_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                protocol.write(line)
                seen += line.startswith(("Collecting ", "Requirement already satisfied: "))
                if sys.stdout.isatty():
                    print(f"\r          {min(seen, total)} of {total} packages", end="\r", flush=True)
    if process.returncode != 0:
        raise Obstacle(reason_of_failure(LOG.read_text(encoding="utf-8", errors="replace")))


def reason_of_failure(text: str) -> str:
    """One line for the person at the keyboard from all that pip has said."""
    if "DO NOT MATCH THE HASHES" in text:
        return f"A download does not match its hash in the lock file, so nothing was installed (see {LOG})."
    if "No space left on device" in text:
        return f"The disk is full: setting up needs about 1 GB in {VENV}."
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return "The network's TLS certificate is not trusted: set PIP_CERT to the certificate of your proxy."
    if NO_NETWORK.search(text):
        return "No network: packages are downloaded once; connect, or set PIP_INDEX_URL to a mirror."
    nowhere = re.search(r"satisfies the requirement (\S+).*\(from versions: none\)", text)
    if nowhere:
        return f"No network, or no {nowhere.group(1)} for this system in the package index."
    errors = [line for line in text.splitlines() if line.startswith("ERROR")]
    last = errors[-1] if errors else "pip stopped"
    return f"Installing failed: {last} (all of it: {LOG})"


@contextlib.contextmanager
def alone() -> "Iterator[None]":
    """Two starts at once: the second waits here for the first to finish setting up."""
    import fcntl

    with (ROOT / ".setup.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("another start is setting up in this folder; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def set_up(purpose: str) -> None:
    """Makes `.venv` what the lock says; does nothing where that is already so."""
    pins = read_lock(LOCKS[purpose])
    if is_ready(purpose):
        return
    check_writable(ROOT)
    with alone():
        if is_ready(purpose):  # the start we waited for has done it
            return
        interrupted = UNFINISHED.exists()
        usable = PYTHON.exists() and works(
            [str(PYTHON), "-c", f"import sys; raise SystemExit(sys.version != {sys.version!r})"]
        )
        moved = STAMP.exists() and str(ROOT) not in STAMP.read_text(encoding="utf-8")
        if interrupted or moved or not usable:
            say(
                "making the Python environment .venv"
                + (" anew: the last set-up was interrupted" if interrupted else "")
            )
            make_venv()
        check_writable(VENV)
        UNFINISHED.touch()
        STAMP.unlink(missing_ok=True)
        LOG.unlink(missing_ok=True)
        pip = pip_command()
        say(f"installing {len(pins)} packages, checked by hash (once; a minute or two)")
        install(pip, LOCKS[purpose])
        finished = (
            ["serve", "test"] if purpose == "test" else ["serve"]
        )  # the test lock holds all of the serve lock
        lines = [*(fingerprint(each) for each in finished), str(ROOT)]
        UNFINISHED.unlink()
        partial = VENV / "parklink-ready.part"
        partial.write_text("\n".join(lines) + "\n", encoding="utf-8")
        partial.replace(STAMP)
        say("set up")


# --- the two commands ---


def become(arguments: "list[str]") -> None:
    """Hands this process over to the environment's Python: one process, one Ctrl-C, one exit code."""
    environment = {**clean_environment(), "FLASK_APP": "wsgi.py", "VIRTUAL_ENV": str(VENV)}
    environment["PATH"] = os.pathsep.join([str(VENV / "bin"), environment.get("PATH", os.defpath)])
    os.chdir(str(ROOT))
    sys.stdout.flush()
    os.execve(str(PYTHON), [str(PYTHON), *arguments], environment)


def serve() -> None:
    host, port = os.environ.get("PARKLINK_HOST", "127.0.0.1"), os.environ.get("PARKLINK_PORT", "8000")
    check_port(host, port)
    set_up("serve")
    if "PARKLINK_DATABASE_URL" not in os.environ:
        check_writable(ROOT / "instance")
    check_port(host, port)  # setting up takes its time
    become(["-m", "app"])


def test(arguments: "list[str]") -> None:
    set_up("test")
    say("running the tests")
    become(["-m", "pytest", *(arguments or WHOLE_SUITE)])


def main(arguments: "list[str]") -> int:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        check_python()
        parser = argparse.ArgumentParser(prog="python3 run.py", usage=argparse.SUPPRESS, add_help=False)
        parser.add_argument("command", nargs="?", default="serve")
        parser.add_argument("-h", "--help", action="store_true")
        if arguments[:1] == ["test"]:
            test(arguments[1:])
        known, unknown = parser.parse_known_args(arguments)
        if known.help or known.command == "help":
            print(HELP)
            return 0
        if known.command != "serve" or unknown:
            raise Obstacle(f"Unknown command {' '.join(arguments)!r}; see python3 run.py --help")
        serve()
    except Obstacle as obstacle:
        print(f"run.py: {obstacle}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nrun.py: stopped; the next start goes on from here", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
