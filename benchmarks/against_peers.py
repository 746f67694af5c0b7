"""What peers take for the same methods on the embedded model, and how exact both are.

Each peer runs in a virtual environment that is made here, together with the engine: theirs and ours
in turn in one process, so that the machine's noise hits them alike. The same photograph, class and
baseline, and as many evaluations; of all methods but RISE the score is the logit. The peer gets the
point as its model wants it, its best batch size up to 16, and compiled functions where it takes
one. Ours are whole calls of `engine.attribute` on pixels, without a cache. Ratios are medians of
those of neighbours, after a warm-up.

    python benchmarks/against_peers.py [PEER ...]
"""

import ast
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

from peers.environments import ENVIRONMENTS, ROOT, made

Row = dict[str, Any]

LIMIT = 1200
"""Seconds that a peer may take for all of its methods."""


def run(module: str, python: Path, *arguments: str) -> None:
    """Run a module of `peers`; what it writes besides its result goes where errors go."""
    paths = map(str, (ROOT, ROOT / "scripts"))
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
    }
    try:
        subprocess.run(
            [python, "-m", f"peers.{module}", *arguments],
            cwd=Path(__file__).parent,
            env=environment,
            stdout=sys.stderr,
            check=True,
            timeout=LIMIT,
        )
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"the process ended with {error.returncode}") from error
    except subprocess.TimeoutExpired as error:
        raise RuntimeError(f"stopped after {LIMIT} s") from error


def rows_of(peer: str, environment: str, references: Path) -> list[Row]:
    """A row for each comparison; where the peer did not run or did not end, one with the error."""
    rows = references.with_name(f"{peer}.jsonl")
    rows.touch()
    failed = []
    try:
        run("worker", made(environment), peer, str(references), str(rows))
    except RuntimeError as error:
        failed = [{"method": "(the rest)", "error": str(error)}]
    found = [json.loads(line) for line in rows.read_text(encoding="utf-8").splitlines()]
    return [{"peer": ENVIRONMENTS[environment].version(peer), **row} for row in found + failed]


def table(header: str, rows: Iterable[tuple[str, ...]]) -> None:
    columns = header.split(" | ")
    print(f"| {header} |", "|".join(["", *("---" for _ in columns), ""]), sep="\n")
    for cells in rows:
        print(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    print()


def times(rows: list[Row]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        if "ratio" in row:
            took = (f"{row[key]:.3f}" for key in ("theirs", "ours"))
            ratio = f"{row['ratio']:.3f} (goal: >= {row['goal']:.2f})"
            yield row["peer"], row["method"], evaluations(row), *took, ratio, row["remark"]
        elif "error" in row:
            yield row["peer"], row["method"], "", "", "", "", f"`{row['error']}`"


def evaluations(row: Row) -> str:
    theirs, ours = row["evaluations"], row["our_evaluations"]
    return str(theirs) if theirs == ours else f"{theirs}, ours {ours}"


def accuracies(rows: list[Row]) -> Iterator[tuple[str, ...]]:
    measured = [row for row in rows if "theirs_map" in row]
    ours = {row["baseline"]: row for row in measured if "ours_map" in row}
    for baseline, row in ours.items():
        yield "ours", baseline, *(f"{row[f'ours_{key}']:.3f}" for key in ("sum", "map")), ""
    for row in measured:
        off = (f"{row[f'theirs_{key}']:.3f}" for key in ("sum", "map"))
        yield row["peer"], row["baseline"], *off, row["remark"]


def remarks(peers: Iterable[str]) -> Iterator[tuple[str, str]]:
    """How each was run and what it needed, as its file says."""
    for peer in peers:
        source = (Path(__file__).parent / "peers" / f"{peer}.py").read_text(encoding="utf-8")
        yield peer, " ".join((ast.get_docstring(ast.parse(source)) or "").split())


def main(names: list[str]) -> None:
    wanted: list[tuple[str, str]] = [
        (peer, environment)
        for environment, contents in ENVIRONMENTS.items()
        for peer in contents.peers
        if not names or peer in names
    ]
    for environment in dict.fromkeys(environment for _, environment in wanted):
        # All of them before anything is measured: the disk is busy with gigabytes for a while then.
        with suppress(RuntimeError):  # which each of its peers' rows tells
            made(environment)
    with tempfile.TemporaryDirectory() as folder:
        references = Path(folder) / "references.npz"
        run("references", Path(sys.executable), str(references))
        rows = list(chain.from_iterable(rows_of(*each, references) for each in wanted))
    print("Seconds, and the median of the ratios:\n")
    header = "peer | method | evaluations | theirs | ours | theirs / ours | remark"
    table(header, times(rows))
    print("Integrated gradients of 64 evaluations, medians of four photographs: how far the sum is")
    print("off F(x) - F(x'), and the map off that of 512 Gauss-Legendre nodes, both relative:\n")
    table("whose | from | sum off | map off | remark", accuracies(rows))
    print("How they were run:\n")
    table("peer | what it needed", remarks(peer for peer, _ in wanted))


if __name__ == "__main__":
    main(sys.argv[1:])
