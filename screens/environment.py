"""What Kivy reads when it is loaded: to be set before."""

import os
import tempfile
from pathlib import Path


def prepare_kivy() -> None:
    """Kivy keeps its own files on tmpfs and its hands off our arguments and logs."""
    if "YIMEN_RUN" not in os.environ:
        memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
        os.environ["YIMEN_RUN"] = tempfile.mkdtemp(prefix="yimen-", dir=memory)
    os.environ["KIVY_HOME"] = os.environ["YIMEN_RUN"] + "/kivy"
    Path(os.environ["KIVY_HOME"]).mkdir(exist_ok=True)
    os.environ.setdefault("KIVY_METRICS_DENSITY", "1")
    for name in ("KIVY_NO_ARGS", "KIVY_NO_CONFIG", "KIVY_NO_FILELOG", "KIVY_NO_CONSOLELOG"):
        os.environ[name] = "1"
