"""Peak memory of methods with many points, against their first two chunks, at 224 x 224.

Each runs in processes of its own: one stops after a small and a full chunk, the other goes on to
the end. Beside the peaks of the processes stands what the methods added to them, which is the
stricter comparison: most of a peak is TensorFlow itself.
"""

import itertools
import resource
import subprocess
import sys

import tfinterp_widgets as tw
from tfinterp_widgets.engine.methods import Method

CHUNK = 16
METHODS: dict[str, Method] = {
    "RISE, 4,000 masks": tw.RISE(masks=4000),
    "Occlusion, 15 x 15, stride 5": tw.Occlusion(window=15, stride=5),
    "SmoothGrad, 50 samples": tw.SmoothGrad(samples=50),
}


def peaks(name: str, chunks: int | None) -> tuple[float, float]:
    """Explain one photograph, or begin to: the peak of this process before and after, in MiB."""
    sample = tw.samples.imagenet()
    engine = tw.AttributionEngine(sample.model, preprocess=sample.preprocess, batch_size=CHUNK)
    photo = tw.samples.photos()["cat"]
    engine.predict(photo)
    before = peak_mebibytes()
    for _ in itertools.islice(engine.refine(photo, method=METHODS[name]), chunks):
        pass
    return before, peak_mebibytes()


def peak_mebibytes() -> float:
    """The peak of this process's resident memory so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    for name in METHODS:
        totals, added = [], []
        for chunks in ("2", "all"):
            command = [sys.executable, __file__, name, chunks]
            output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            before, after = map(float, output.split())
            totals.append(after)
            added.append(after - before)
        print(f"{name}: peak {totals[0]:.0f} MiB after two chunks, {totals[1]:.0f} in the end")
        print(f"    ratio {totals[1] / totals[0]:.3f} (goal: <= 1.3)")
        print(f"    added {added[0]:.0f} and {added[1]:.0f} MiB: {added[1] / added[0]:.3f}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(*peaks(sys.argv[1], None if sys.argv[2] == "all" else int(sys.argv[2])))
    else:
        main()
