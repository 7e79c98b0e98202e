"""`yimen lock`: exact versions and hashes of everything, without any index address."""

import subprocess
import sys

from provisioning.processes import ROOT

OPTIONS = (
    "--quiet", "--generate-hashes", "--allow-unsafe", "--strip-extras", "--all-extras",
    "--no-emit-index-url", "--no-emit-find-links", "--no-header",
)


def write_lock() -> None:
    """Write requirements.lock from pyproject.toml; versions that still fit stay."""
    subprocess.run(
        [sys.executable, "-m", "piptools", "compile", *OPTIONS, "-o", "requirements.lock",
         "pyproject.toml"],
        cwd=ROOT, check=True,
    )
