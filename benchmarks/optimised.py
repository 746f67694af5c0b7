"""How much of its time a gradient takes on the embedded model: optimised, and in bfloat16.

Two engines, one with and one without, answer the same question in turn in one process, so that the
machine's noise hits them alike; what is printed is the median of the ratios of neighbours. Each
answer is CHUNKS chunks of gradients and little beside.
"""

import statistics
import time
from typing import Any

import numpy as np
from scipy.ndimage import gaussian_filter

import tfinterp_widgets as tw

SIZES = (1, 4, 16)
CHUNKS = 4
ROUNDS = 15
GOAL = 0.85


def seconds(engine: tw.AttributionEngine, steps: int) -> float:
    photo = tw.samples.photos()["cat"]
    began = time.perf_counter()
    engine.attribute(photo, 285, tw.IntegratedGradients(steps, rule="graded"))
    return time.perf_counter() - began


def engine_with(size: int, **options: Any) -> tw.AttributionEngine:
    """An engine without a cache, so that every run computes everything."""
    sample = tw.samples.imagenet()
    return tw.AttributionEngine(
        sample.model, preprocess=sample.preprocess, batch_size=size, cache_bytes=0, **options
    )


def compare(ours: tw.AttributionEngine, theirs: tw.AttributionEngine, size: int) -> float:
    """The median ratio of time, ours to theirs; prints what theirs takes."""
    steps = CHUNKS * size
    for engine in (ours, theirs):
        seconds(engine, steps)
    pairs = [(seconds(ours, steps), seconds(theirs, steps)) for _ in range(ROUNDS)]
    each = 1000 * statistics.median(their for _, their in pairs) / steps
    print(f"chunks of {size}: {each:.1f} ms an evaluation; ", end="")
    return statistics.median(our / their for our, their in pairs)


def print_differences(plain: tw.AttributionEngine, optimised: tw.AttributionEngine) -> None:
    photos = tw.samples.photos()
    for name, photo in photos.items():
        theirs, ours = (each.attribute(photo, method=tw.Saliency()) for each in (plain, optimised))
        score = abs(ours.score - theirs.score) / abs(theirs.score)
        gradient = np.abs(ours.values - theirs.values).sum() / np.abs(theirs.values).sum()
        print(f"  {name}: score off by {score:.1e}, gradient by {gradient:.1e} (relative L1)")


def print_rounding(exact: tw.AttributionEngine, rough: tw.AttributionEngine) -> None:
    for name, photo in tw.samples.photos().items():
        ours, theirs = (
            gaussian_filter(each.attribute(photo, method=tw.IntegratedGradients(32)).heatmap(), 3)
            for each in (rough, exact)
        )
        print(f"  {name}: maps correlate {np.corrcoef(ours.ravel(), theirs.ravel())[0, 1]:.3f}")


def main() -> None:
    for size in SIZES:
        plain, optimised = (engine_with(size, optimize=optimize) for optimize in (False, True))
        ratio = compare(optimised, plain, size)
        print(f"optimised / plain {ratio:.3f} (goal: <= {GOAL})")
    print(f"{optimised.optimized}:")
    print_differences(plain, optimised)
    for size in SIZES:
        rough, exact = (engine_with(size, precision=p) for p in ("bfloat16", "float32"))
        print(f"bfloat16 / float32 {compare(rough, exact, size):.3f}")
    print("integrated gradients of 32 steps, smoothed by 3 pixels:")
    print_rounding(exact, rough)


if __name__ == "__main__":
    main()
