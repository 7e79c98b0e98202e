"""`yimen test`: everything CI checks, one after the other, each with its time."""

import os
import subprocess
import sys
import time

from provisioning.processes import ROOT

STYLE = (
    ("style", ["ruff", "check", "."]),
    ("types", ["mypy"]),
)

PARALLEL = ("-n", "2", "--dist", "loadfile", "--durations", "15")
"""Two workers for two cores; a file stays on one, so that its fixtures are made once."""

RUN_BROKE = 3
"""pytest's exit code when not a test failed but the run ended early: a worker's report was lost,
say. It has been seen once, and tells nothing of the code."""


def run_checks(pytest_arguments: list[str]) -> int:
    """Run all checks; 0 when all passed. With arguments: only pytest, with them."""
    failed = []
    if not pytest_arguments:
        for name, command in STYLE:
            if _step(name, [sys.executable, "-m", *command]) != 0:
                failed.append(name)
    tests = [sys.executable, "-m", "pytest", *(pytest_arguments or PARALLEL)]
    code = _step("tests", tests)
    if code == RUN_BROKE:
        code = _step("tests, once more: the run itself broke, see above", tests)
    if code != 0:
        failed.append("tests")
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _step(name: str, command: list[str]) -> int:
    print(f"== {name}", flush=True)
    start = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}).returncode
    word = "ok" if code == 0 else f"FAILED ({code})"
    print(f"== {name}: {word} after {time.monotonic() - start:.0f} s", flush=True)
    return code

