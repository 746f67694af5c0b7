"""Cancelling each method on the embedded model, at random moments, as the explorer does it.

Measured is the time from the call of cancel to the end of the run. A chunk or a segmentation that
is under way is not interrupted: of the longest one after the call, the time is taken off, and what
is left is the goal's. Everything is compiled beforehand.
"""

import functools
import random
import time
from collections.abc import Callable
from typing import Any

import tfinterp_widgets as tw
from tfinterp_widgets.engine import AttributionEngine
from tfinterp_widgets.engine.computing.compiled_chunks import CompiledChunks
from tfinterp_widgets.engine.methods import METHODS, Method
from tfinterp_widgets.engine.perturbing import segments
from tfinterp_widgets.runtime import slot_for

CANCELS = 10
GOAL = 100
CLASS = 285
# What takes many seconds otherwise; the parts that a run is made of are the same.
SHORTER: dict[str, dict[str, int]] = {
    "GuidedIntegratedGradients": {"steps": 50},
    "XRAI": {"steps": 16},
    "RISE": {"masks": 800},
    "KernelSHAP": {"samples": 1024},
}

Span = tuple[float, float]


def watch(owner: Any, name: str, spans: list[Span]) -> None:
    """Note when a function begins and ends; of one that runs inside another, too."""
    function: Callable[..., Any] = getattr(owner, name)

    @functools.wraps(function)
    def timed(*args: Any, **keywords: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*args, **keywords)
        finally:
            spans.append((began, time.perf_counter()))

    setattr(owner, name, timed)


def forget(engine: AttributionEngine) -> None:
    """Have everything computed anew, and segmented."""
    limit, engine.cache_bytes = engine.cache_bytes, 0
    engine.cache_bytes = limit


def cancelled(engine: AttributionEngine, method: Method, wait: float) -> Span | None:
    """Cancel a run after so many seconds: when, and when it ended; None if it was over before."""
    forget(engine)
    photo = tw.samples.photos()["cat"]
    endings: list[tuple[str, float]] = []
    slot = slot_for(engine)

    def hear(event: Any) -> None:
        if event.kind != "item":
            endings.append((event.kind, time.perf_counter()))

    slot.submit(lambda: engine.refine(photo, CLASS, method), hear)
    time.sleep(wait)
    asked = time.perf_counter()
    slot.cancel()
    slot.wait()
    slot.close()
    ((kind, ended),) = endings
    return (asked, ended) if kind == "cancelled" else None


def main() -> None:
    spans: list[Span] = []
    for name in ("run", "run_alone"):
        watch(CompiledChunks, name, spans)
    for name in ("slic", "felzenszwalb"):
        watch(segments, name, spans)
    sample = tw.samples.imagenet()
    engine = AttributionEngine(sample.model, preprocess=sample.preprocess)
    photo = tw.samples.photos()["cat"]
    rng = random.Random(0)
    print("| method | cancelled | longest chunk or segmentation, ms | time beyond it, ms, worst |")
    print("|---|---|---|---|")
    for name, kind in METHODS.items():
        method = kind(**SHORTER.get(name, {}))
        engine.attribute(photo, CLASS, method)  # compiles
        forget(engine)
        spans.clear()
        began = time.perf_counter()
        engine.attribute(photo, CLASS, method)
        took = time.perf_counter() - began
        longest = max(end - begin for begin, end in spans)
        beyond = []
        for _ in range(CANCELS):
            spans.clear()
            window = cancelled(engine, method, rng.uniform(0, took))
            if window is not None:
                asked, ended = window
                after = [end - max(begin, asked) for begin, end in spans if end > asked]
                beyond.append(ended - asked - max(after, default=0.0))
        worst = 1000 * max(beyond)
        counted = f"{len(beyond)} of {CANCELS}"
        told = f"{worst:.0f} (goal: <= {GOAL})"
        print(f"| {kind.label} | {counted} | {1000 * longest:.0f} | {told} |", flush=True)


if __name__ == "__main__":
    main()
