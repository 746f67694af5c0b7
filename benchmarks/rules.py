"""How far each quadrature rule is from the answer: of the map, and of the sum.

Over all sample photographs, from a black and a mid-grey baseline, against 768 graded midpoints: the
relative L1 error of the map (H, W), and the completeness error. Medians.
"""

import statistics
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

import tfinterp_widgets as tw

RULES = ("endpoint-mean", "trapezoid", "gauss-legendre", "graded", "midpoint", "left", "right")
STEPS = (16, 32, 64, 128)
REFERENCE_STEPS = 768
CHUNK = 8


def reference(
    engine: tw.AttributionEngine, photo: NDArray[np.uint8], baseline: float
) -> NDArray[np.float64]:
    """Map by 768 midpoints in t = sqrt(alpha): nodes that no rule compared here shares.

    Written with nothing of the rules under test: the gradients at single points, from saliency.
    """
    x = photo.astype(np.float32)
    start = np.full_like(x, baseline)
    target = engine.predict(x, top=1)[0].index
    total = np.zeros(x.shape)
    for k in range(REFERENCE_STEPS):
        t = (k + 0.5) / REFERENCE_STEPS
        point = start + np.float32(t * t) * (x - start)
        gradient = engine.attribute(point, target, tw.Saliency()).values
        total += 2 * t / REFERENCE_STEPS * gradient
    return np.asarray((total * (x - start) / 128).sum(axis=-1))  # 128: model space is (x - 127)/128


def main() -> None:
    sample = tw.samples.imagenet()
    engine = tw.AttributionEngine(sample.model, preprocess=sample.preprocess, batch_size=CHUNK)
    single = tw.AttributionEngine(
        sample.model, preprocess=sample.preprocess, batch_size=1, cache_bytes=0
    )
    maps, sums = defaultdict(list), defaultdict(list)
    for name, photo in tw.samples.photos().items():
        for baseline in (0.0, 127.5):
            exact = reference(single, photo, baseline)
            for rule in RULES:
                for steps in STEPS:
                    a = engine.attribute(
                        photo, method=tw.IntegratedGradients(steps, baseline, rule)
                    )
                    maps[rule, steps].append(
                        np.abs(a.heatmap() - exact).sum() / np.abs(exact).sum()
                    )
                    sums[rule, steps].append(a.relative_error)
            print(f"{name}, baseline {baseline}: done", flush=True)
    for title, errors in (("relative L1 error of the map", maps), ("completeness error", sums)):
        print(f"\n{title}, median".ljust(34), *(f"n={n}".rjust(6) for n in STEPS))
        for rule in RULES:
            row = (f"{statistics.median(errors[rule, n]):6.3f}" for n in STEPS)
            print(rule.ljust(32), *row)
    ratio = statistics.median(maps["graded", 64]) / statistics.median(maps["trapezoid", 64])
    print(f"\ngraded / trapezoid, map error at 64: {ratio:.2f} (goal: <= 0.75)")


if __name__ == "__main__":
    main()
