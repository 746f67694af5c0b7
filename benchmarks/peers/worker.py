"""Run one peer's comparisons, in its environment: `python -m peers.worker NAME REFERENCES ROWS`.

ROWS is the file that gets one line of JSON for each comparison, as soon as it is done.
"""

import json
import statistics
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from peers.comparing import Comparison
from peers.measuring import errors, timed
from peers.references import read


def row(build: Callable[[], Comparison], references: Path) -> dict[str, Any]:
    """What one comparison found, or the error's last line."""
    found: dict[str, Any] = {"method": build.__name__.replace("_", " ")}
    try:
        comparison = build()
        found |= {
            name: getattr(comparison, name)
            for name in ("method", "evaluations", "goal", "baseline", "remark")
        }
        if comparison.ours is not None:
            example, _ = next(read(references, "black"))
            found |= timed(comparison, example)
        if comparison.baseline is not None:
            found |= accuracy(comparison, references)
    except Exception as error:
        traceback.print_exc()
        found["error"] = last_line(error)
    return found


def accuracy(comparison: Comparison, references: Path) -> dict[str, float]:
    """Medians over the photographs, of theirs and, where there are, of ours."""
    assert comparison.baseline is not None
    found: dict[str, float] = {}
    runs = {"theirs": comparison.theirs, "ours": comparison.ours}
    for name, explain in runs.items():
        if explain is None:
            continue
        pairs = []
        for example, reference in read(references, comparison.baseline):
            answer: Any = explain(example)
            pairs.append(errors(getattr(answer, "values", answer), *reference))
        sums, maps = zip(*pairs, strict=True)
        found |= {f"{name}_sum": statistics.median(sums), f"{name}_map": statistics.median(maps)}
    return found


def last_line(error: Exception) -> str:
    """The error as it would end a traceback."""
    return traceback.format_exception_only(error)[-1].strip().splitlines()[-1]


def main(name: str, references: Path, rows: Path) -> None:
    """Write a row for each comparison of the peer, or one if it cannot be imported."""
    with rows.open("a", encoding="utf-8") as file:
        try:
            builds = import_module(f"peers.{name}").COMPARISONS
        except Exception as error:
            traceback.print_exc()
            print(json.dumps({"method": "all", "error": last_line(error)}), file=file)
            return
        for build in builds:
            print(json.dumps(row(build, references)), file=file, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
