"""How much of its time a gradient takes once batch normalisation is folded, on the embedded model.

Two engines, one with and one without `optimize`, answer the same question in turn in one process,
so that the machine's noise hits them alike; what is printed is the median of the ratios of
neighbours. Each answer is CHUNKS chunks of gradients and little beside.
"""

import statistics
import time

import numpy as np

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


def main() -> None:
    sample = tw.samples.imagenet()
    for size in SIZES:
        # Without a cache, so that every run computes everything.
        plain, optimised = (
            tw.AttributionEngine(
                sample.model,
                preprocess=sample.preprocess,
                batch_size=size,
                cache_bytes=0,
                optimize=optimize,
            )
            for optimize in (False, True)
        )
        steps = CHUNKS * size
        for engine in (plain, optimised):
            seconds(engine, steps)
        pairs = [(seconds(optimised, steps), seconds(plain, steps)) for _ in range(ROUNDS)]
        each = 1000 * statistics.median(theirs for _, theirs in pairs) / steps
        ratio = statistics.median(ours / theirs for ours, theirs in pairs)
        print(
            f"chunks of {size:2d}: {each:5.1f} ms an evaluation plain, "
            f"optimised / plain {ratio:.3f} (goal: <= {GOAL})"
        )
    print(f"done: {optimised.optimized}")
    print_differences(plain, optimised)


def print_differences(plain: tw.AttributionEngine, optimised: tw.AttributionEngine) -> None:
    photos = tw.samples.photos()
    for name, photo in photos.items():
        theirs, ours = (each.attribute(photo, method=tw.Saliency()) for each in (plain, optimised))
        score = abs(ours.score - theirs.score) / abs(theirs.score)
        gradient = np.abs(ours.values - theirs.values).sum() / np.abs(theirs.values).sum()
        print(f"{name}: score off by {score:.1e}, gradient by {gradient:.1e} (relative L1)")


if __name__ == "__main__":
    main()
