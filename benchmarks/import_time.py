"""What ``import tfinterp_widgets`` adds to ``import ipywidgets``: at most 0.3 s, and no TensorFlow.

Medians of fresh interpreters, the two imports in turn, so that a busy machine slows both.
"""

from __future__ import annotations

import statistics
import subprocess
import sys

RUNS = 15
GOAL = 0.3  # seconds
CODE = "import time; start = time.perf_counter(); import {}; print(time.perf_counter() - start)"


def seconds(modules: str) -> float:
    """Time an import statement in an interpreter of its own."""
    command = [sys.executable, "-c", CODE.format(modules)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    pairs = [(seconds("ipywidgets"), seconds("ipywidgets, tfinterp_widgets")) for _ in range(RUNS)]
    alone, both = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"import ipywidgets                     {alone:6.3f} s")
    print(f"import ipywidgets, tfinterp_widgets   {both:6.3f} s")
    print(f"added                                 {both - alone:6.3f} s   (goal: <= {GOAL} s)")


if __name__ == "__main__":
    main()
