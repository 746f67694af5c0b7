"""Five classes of one input: explained together against one by one, on the embedded model.

Both in turn in one process, so that the machine's noise hits them alike; what is printed is the
median of the ratios of neighbours.
"""

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import tfinterp_widgets as tw

CLASSES = [285, 281, 282, 287, 904]
ROUNDS = 9
GOAL = 0.7


def seconds(run: Callable[[], Any]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def main() -> None:
    sample = tw.samples.imagenet()
    photo = tw.samples.photos()["cat"]
    # Without a cache, so that every run computes everything.
    engine = tw.AttributionEngine(sample.model, preprocess=sample.preprocess, cache_bytes=0)
    for method in (tw.IntegratedGradients(16, rule="graded"), tw.Saliency()):

        def alone(method: Any = method) -> None:
            for target in CLASSES:
                engine.attribute(photo, target, method)

        together = partial(engine.attribute_many, photo, CLASSES, method)
        for warm_up in (alone, together, alone, together):
            warm_up()
        rounds = [(seconds(together), seconds(alone)) for _ in range(ROUNDS)]
        ratio = statistics.median(ours / theirs for ours, theirs in rounds)
        print(f"{method.label}: together / one by one {ratio:.3f} (goal: <= {GOAL})")


if __name__ == "__main__":
    main()
