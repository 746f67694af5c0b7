"""Peak memory at 1,024 steps against 16, each in its own process, with the same full chunk."""

import resource
import subprocess
import sys

CHUNK = 8
STEPS = (16, 1024)


def peak_mebibytes(steps: int) -> float:
    """Run in a process of its own: explain one photograph and tell the peak of resident memory."""
    import tfinterp_widgets as tw

    sample = tw.samples.imagenet()
    engine = tw.AttributionEngine(sample.model, preprocess=sample.preprocess, batch_size=CHUNK)
    method = tw.IntegratedGradients(steps, rule="graded")
    engine.attribute(tw.samples.photos()["cat"], method=method)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    peaks = {}
    for steps in STEPS:
        command = [sys.executable, __file__, str(steps)]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        peaks[steps] = float(output)
        print(f"peak at {steps} steps: {peaks[steps]:.0f} MiB")
    print(f"{STEPS[1]} / {STEPS[0]}: {peaks[STEPS[1]] / peaks[STEPS[0]]:.3f} (goal: <= 1.2)")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(peak_mebibytes(int(sys.argv[1])))
    else:
        main()
