"""One figure beside its peer or limit, and how a topic of figures is run.

A topic is a file of this folder with `rows() -> Iterable[Row]`; `yimen bench devices` runs all of
them, each in a process of its own (`python -m tests.benchmarks.rows TOPIC`: one JSON object a line
as soon as the figure is known). One that belongs elsewhere than to the devices says so:
`SUITE = "search"` makes it part of `yimen bench search`.

    def rows() -> Iterator[Row]:
        ours, peer = p95(timed(read, 30)), p95(timed(peers_read, 30))
        yield Row("read p95", ours, "ms", "peer 2.1", peer, "no slower than the peer", ours <= peer)
"""

import ast
import importlib
import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
DEFAULT_SUITE = "devices"


@dataclass(frozen=True)
class Row:
    """One measured figure.

    peer: what it stands beside (another library, the pace of the wire), measured in the same run;
    peer_value in the same `unit`, None when the goal alone is the limit. goal: in words, with its
    number. holds: whether the goal is met, None when there is none. note: what else one must know.
    """

    name: str
    value: float
    unit: str
    peer: str
    peer_value: float | None
    goal: str
    holds: bool | None
    note: str = ""


def timed(action: Callable[[], object], runs: int) -> list[float]:
    """Milliseconds of wall clock each of `runs` calls took."""
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        action()
        times.append(1000 * (time.perf_counter() - begin))
    return times


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0…1) of them do not exceed, by the nearest rank."""
    ordered = sorted(values)
    # The small number keeps 0.95 of 20 at 19 in binary.
    return ordered[max(0, math.ceil(share * len(ordered) - 1e-9) - 1)]


def p50(values: Sequence[float]) -> float:
    return percentile(values, 0.50)


def p95(values: Sequence[float]) -> float:
    return percentile(values, 0.95)


def topics() -> dict[str, str]:
    """Every topic by name with its suite, without loading any of them."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        if any(isinstance(node, ast.FunctionDef) and node.name == "rows" for node in tree.body):
            found[path.stem] = next(filter(None, map(_suite, tree.body)), DEFAULT_SUITE)
    return found


def _suite(node: ast.stmt) -> str:
    match node:
        case ast.Assign(targets=[ast.Name(id="SUITE")], value=ast.Constant(value=str(suite))):
            return suite
    return ""


def run(topic: str) -> Iterator[Row]:
    """Load a topic and measure. Raises KeyError for a name that is none."""
    if topic not in topics():
        raise KeyError(topic)
    module = importlib.import_module(f"tests.benchmarks.{topic}")
    for row in module.rows():
        assert isinstance(row, Row), f"{topic}: not a Row: {row!r}"
        yield row


def main(arguments: Sequence[str]) -> int:
    """Without a topic: the topics with their suites, as JSON."""
    if not arguments:
        print(json.dumps(topics()))
        return 0
    out = sys.stdout
    sys.stdout = sys.stderr  # a library that prints must not end up among the figures
    for row in run(arguments[0]):
        print(json.dumps(asdict(row), ensure_ascii=False), file=out, flush=True)
    return 0


if __name__ == "__main__":
    # Not this module's own Row but the one every topic imports.
    from tests.benchmarks import rows as shared

    sys.exit(shared.main(sys.argv[1:]))
