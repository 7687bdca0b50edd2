"""What a person meets who types `python3 run.py` on a fresh machine, as far as it shows without a network."""

import ast
import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-test.lock")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project folder with a space and Chinese in its path, holding only what a set-up reads."""
    target = tmp_path / "park link 园链"
    target.mkdir()
    for name in ("run.py", *LOCKS):
        shutil.copy(PROJECT / name, target / name)
    return target


@pytest.fixture
def run(folder: Path) -> ModuleType:
    """run.py as a module that believes it lives in `folder`."""
    spec = importlib.util.spec_from_file_location("run_under_test", folder / "run.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def listening() -> Iterator[int]:
    """The number of a port on which somebody listens and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def offline(**settings: str) -> dict[str, str]:
    """An environment in which pip finds packages nowhere but where `settings` say."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1", **settings}


def start(folder: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(folder / "run.py"), *arguments],
        env=offline(**settings),
        cwd=folder.parent,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


def one_line(text: str) -> str:
    assert text.startswith("run.py: ") and text.count("\n") == 1, text
    return text


def test_help_explains_both_commands_in_both_languages(folder: Path) -> None:
    for arguments in (["--help"], ["-h"], ["help"], ["serve", "--help"]):
        answer = start(folder, *arguments)
        assert (answer.returncode, answer.stderr) == (0, "")
        for words in (
            "python3 run.py [serve]",
            "python3 run.py test",
            "运行全部测试",
            "演示园区",
            "PARKLINK_PORT",
        ):
            assert words in answer.stdout
    assert not (folder / ".venv").exists()


def test_an_unknown_command_is_named(folder: Path) -> None:
    answer = start(folder, "sevre")
    assert answer.returncode == 2
    assert "'sevre'" in one_line(answer.stderr)


def test_a_taken_port_is_said_before_anything_is_set_up(folder: Path, listening: int) -> None:
    answer = start(folder, PARKLINK_PORT=str(listening))
    assert answer.returncode == 2
    assert f"Port {listening} on 127.0.0.1 is taken" in one_line(answer.stderr)
    assert answer.stdout == ""
    assert not (folder / ".venv").exists()


@pytest.mark.parametrize("port", ["", "http", "0", "65536", "-1", "٣"])
def test_a_port_that_is_none_is_refused(folder: Path, port: str) -> None:
    answer = start(folder, PARKLINK_PORT=port)
    assert answer.returncode == 2
    assert "PARKLINK_PORT must be a number from 1 to 65535" in one_line(answer.stderr)


def test_a_host_of_another_machine_is_refused(folder: Path) -> None:
    answer = start(folder, PARKLINK_HOST="192.0.2.1", PARKLINK_PORT=str(free_port()))
    assert answer.returncode == 2
    assert "Cannot listen on 192.0.2.1" in one_line(answer.stderr)


@pytest.mark.parametrize(("command", "lock"), [("serve", LOCKS[0]), ("test", LOCKS[1])])
def test_a_missing_lock_is_one_line(folder: Path, command: str, lock: str) -> None:
    (folder / lock).unlink()
    answer = start(folder, command, PARKLINK_PORT=str(free_port()))
    assert answer.returncode == 2
    assert f"{lock} is missing" in one_line(answer.stderr)


def without_hash(text: str) -> str:
    return text.replace(re.findall(r"^flask==.*?(?=^\S)", text, re.M | re.S)[0], "flask==3.1.3\n")


BREAKS: dict[str, Callable[[str], str]] = {
    "empty": lambda text: "",
    "cut in the middle": lambda text: text[: text.index("--hash=sha256:") + 30],
    "a pin without its hash": without_hash,
    "a floor for a pin": lambda text: text.replace("flask==", "flask>=", 1),
    "a merge conflict": lambda text: "<<<<<<< HEAD\n" + text,
    "another index": lambda text: "--index-url https://example.org/simple\n" + text,
}


@pytest.mark.parametrize("how", BREAKS)
def test_a_broken_lock_is_one_line_and_nothing_is_made(folder: Path, how: str) -> None:
    lock = folder / LOCKS[0]
    lock.write_text(BREAKS[how](lock.read_text()))
    answer = start(folder, PARKLINK_PORT=str(free_port()))
    assert answer.returncode == 2
    assert re.search(r"requirements\.lock(, line \d+)? is broken", one_line(answer.stderr))
    assert not (folder / ".venv").exists()


def test_the_committed_locks_pin_every_dependency_and_name_no_host(run: ModuleType) -> None:
    def name(requirement: str) -> str:
        return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-").replace(".", "-")

    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime, everything = (set(run.read_lock(PROJECT / lock)) for lock in LOCKS)
    assert runtime <= everything
    assert {name(each) for each in project["project"]["dependencies"]} <= {name(pin) for pin in runtime}
    assert {name(each) for each in project["dependency-groups"]["dev"]} <= {name(pin) for pin in everything}
    for lock in LOCKS:
        assert "://" not in (PROJECT / lock).read_text()


def test_run_py_needs_the_standard_library_only_and_old_pythons_can_read_it() -> None:
    tree = ast.parse((PROJECT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 6))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {each.split(".")[0] for each in named} <= sys.stdlib_module_names


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 13)])
def test_a_python_that_is_too_old_is_told_so(run: ModuleType, version: tuple[int, ...]) -> None:
    with pytest.raises(
        run.Obstacle, match=r"needs Python 3\.11 or newer; this is Python 3\.(6\.15|10\.13)\."
    ):
        run.check_python(version)
    run.check_python((3, 11, 0))
    run.check_python((4, 0, 0))


def test_a_folder_one_cannot_write_in_is_named(run: ModuleType) -> None:
    with pytest.raises(run.Obstacle, match="Cannot write in /proc/parklink: "):
        run.check_writable(Path("/proc/parklink"))


def test_settings_that_lead_pip_astray_do_not_reach_it(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    astray = ("PIP_USER", "PIP_TARGET", "PIP_REQUIRE_VIRTUALENV", "PYTHONPATH", "PYTHONHOME")
    for name in astray:
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    environment = run.clean_environment()
    assert not set(astray) & set(environment)
    assert environment["PIP_INDEX_URL"] == "https://mirror.example/simple"


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (
            "Failed to establish a new connection: [Errno -3] Temporary failure in name resolution",
            "No network",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "does not match its hash",
        ),
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "disk is full"),
        (
            "Collecting x\nERROR: No matching distribution found for x==1",
            "No matching distribution found for x==1",
        ),
        ("Killed", "pip stopped"),
    ],
)
def test_what_pip_says_becomes_one_line(run: ModuleType, said: str, line: str) -> None:
    reason = run.reason_of_failure(said)
    assert line in reason and "\n" not in reason


# --- the set-up with a stand-in for the downloads ---


@pytest.fixture
def installs(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The purposes for which something was installed, in order; nothing is downloaded."""
    done: list[str] = []

    def install(pip: list[str], lock: Path) -> None:
        done.append(lock.name)

    monkeypatch.setattr(run, "install", install)
    monkeypatch.setattr(run, "pip_command", lambda: ["pip"])
    return done


def test_a_finished_set_up_is_not_repeated(run: ModuleType, installs: list[str]) -> None:
    for _ in range(3):
        run.set_up("serve")
    assert installs == [LOCKS[0]]
    run.set_up("test")
    run.set_up("test")
    run.set_up("serve")  # the test tools come on top; what serves is still there
    assert installs == list(LOCKS)


def test_a_changed_lock_is_installed_on_top(run: ModuleType, installs: list[str]) -> None:
    run.set_up("serve")
    mark = run.VENV / "lib" / "mark"
    mark.touch()
    lock = run.ROOT / LOCKS[0]
    lock.write_text("# changed\n" + lock.read_text())
    run.set_up("serve")
    assert installs == [LOCKS[0]] * 2
    assert mark.exists()


def test_an_interrupted_set_up_starts_anew(
    run: ModuleType, installs: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        (run.VENV / "half-written").touch()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run, "install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run.set_up("serve")
    assert not run.is_ready("serve")
    run.set_up("serve")
    assert run.is_ready("serve")
    assert not (run.VENV / "half-written").exists()
    assert "the last set-up was interrupted" in capsys.readouterr().out


def test_a_moved_folder_is_set_up_anew(run: ModuleType, installs: list[str], tmp_path: Path) -> None:
    run.set_up("serve")
    (run.VENV / "old").touch()
    stamp = run.STAMP.read_text().replace(str(run.ROOT), "/elsewhere")
    run.STAMP.write_text(re.sub(r"serve \w+", "serve 0", stamp))
    run.set_up("serve")
    assert not (run.VENV / "old").exists()


def test_an_environment_somebody_else_made_is_kept(run: ModuleType, installs: list[str]) -> None:
    run.make_venv()
    run.UNFINISHED.unlink()
    (run.VENV / "mine").touch()
    run.set_up("serve")
    assert (run.VENV / "mine").exists()
    assert installs == [LOCKS[0]]


def test_an_environment_whose_python_is_gone_is_made_anew(run: ModuleType, installs: list[str]) -> None:
    run.set_up("serve")
    run.PYTHON.unlink()
    run.PYTHON.symlink_to("/nonexistent/python3")
    run.set_up("serve")
    assert installs == [LOCKS[0]] * 2
    assert run.works([str(run.PYTHON), "-c", ""])


def test_of_two_starts_at_once_one_sets_up_and_the_other_waits(
    run: ModuleType, installs: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    second_waits = threading.Event()
    say = run.say

    def listen(text: str) -> None:
        say(text)
        if "waiting for it" in text:
            second_waits.set()

    monkeypatch.setattr(run, "say", listen)
    install = run.install

    def slow_install(*arguments: object, **options: object) -> None:
        assert second_waits.wait(30)
        install(*arguments, **options)

    monkeypatch.setattr(run, "install", slow_install)
    starts = [threading.Thread(target=run.set_up, args=("serve",)) for _ in range(2)]
    for each in starts:
        each.start()
    for each in starts:
        each.join(60)
    assert installs == [LOCKS[0]]
    assert run.is_ready("serve")


def test_where_the_venv_module_is_missing_the_environment_is_made_by_hand(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = run.works
    monkeypatch.setattr(run, "works", lambda command: "venv" not in command and works(command))
    run.make_venv()
    seen = subprocess.run(
        [str(run.PYTHON), "-c", "import sys, ssl; print(sys.prefix); print(*sys.path, sep='\\n')"],
        env=run.clean_environment(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout.splitlines()
    assert seen[0] == str(run.VENV)
    assert str(run.VENV / "lib" / f"python3.{sys.version_info[1]}" / "site-packages") in seen


# --- the real thing, without and with a dead network ---


def test_a_missing_network_is_one_line_and_the_next_start_begins_anew(folder: Path) -> None:
    settings = {"PIP_INDEX_URL": f"http://127.0.0.1:{free_port()}/simple", "PARKLINK_PORT": str(free_port())}
    for words in ("making the Python environment .venv\n", "anew: the last set-up was interrupted\n"):
        answer = start(folder, **settings)
        assert answer.returncode == 2
        assert "No network" in one_line(answer.stderr)
        assert words in answer.stdout


def _heed_ctrl_c() -> None:
    """A runner in the background ignores Ctrl-C, and its children would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_while_setting_up_ends_cleanly(folder: Path, listening: int) -> None:
    settings = {"PIP_INDEX_URL": f"http://127.0.0.1:{listening}/simple", "PARKLINK_PORT": str(free_port())}
    process = subprocess.Popen(
        [sys.executable, str(folder / "run.py")],
        env=offline(**settings),
        start_new_session=True,
        preexec_fn=_heed_ctrl_c,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdout is not None
    while "installing" not in process.stdout.readline():
        assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.strip() == "run.py: stopped; the next start goes on from here"
