#!/usr/bin/env python3
"""Look up the locked packages among known vulnerabilities (pip-audit --strict; BARS A 40).

    .venv/bin/python dev/audit.py [--required]

Where no advisories can be had, an audit finds nothing and looks green (BARS C 7). So a release with well-known holes
is looked up first: if nothing is known of it either, the audit is skipped with a line that says so, or, with
`--required`, fails. Exit code 1 for a known vulnerability.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = tuple(ROOT / "requirements" / name for name in ("dev.txt", "spark.txt"))
"""Everything that running needs, and what tests and checks need besides; what a cluster needs on top."""

FULL_OF_HOLES = "django==2.2.1"
"""Released in 2019; dozens of advisories name it."""
WAIT_SECONDS = 5


def main() -> int:
    parser = argparse.ArgumentParser(description="Look up the locked packages among known vulnerabilities.")
    parser.add_argument(
        "--required", action="store_true", help="fail where there are no advisories to look in"
    )
    options = parser.parse_args()
    if not has_advisories():
        print("audit: skipped, no advisories can be had from here", file=sys.stderr)
        return int(options.required)
    return max(map(audit, LOCKS))


def has_advisories() -> bool:
    """Whether anything is known of a release that much is known of."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "canary.txt"
        path.write_text(FULL_OF_HOLES + "\n")
        done = run("--no-deps", "--format", "json", "--requirement", path)
    try:
        return any(one.get("vulns") for one in json.loads(done.stdout)["dependencies"])
    except (ValueError, KeyError):
        return False


def audit(lock: Path) -> int:
    """Look up every package of a lock file; print what is found. 0 when nothing is."""
    done = run("--require-hashes", "--requirement", lock)
    print(f"audit: {lock.name}: {'no known vulnerability' if done.returncode == 0 else 'see below'}")
    if done.returncode:
        print(done.stdout + done.stderr)
    return int(done.returncode != 0)


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip_audit", "--strict", "--disable-pip", "--progress-spinner", "off"]
    return subprocess.run(
        [*command, "--timeout", str(WAIT_SECONDS), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


if __name__ == "__main__":
    sys.exit(main())
