"""Evaluations of a sweep over the slider's stops, forth and back, on the embedded model."""

import tfinterp_widgets as tw

STOPS = [2**k for k in range(9)]


def main() -> None:
    sample = tw.samples.imagenet()
    engine = tw.AttributionEngine(sample.model, preprocess=sample.preprocess)
    photo = tw.samples.photos()["cat"]
    counts = []
    for steps in [*STOPS, *reversed(STOPS)]:
        a = engine.attribute(photo, method=tw.IntegratedGradients(steps))
        counts.append(a.evaluations)
        print(f"{steps:4d} steps, rule {a.method.rule}: {a.evaluations} evaluations")
    print(f"in all: {sum(counts)} (goal: 256); recomputed each time: {2 * sum(STOPS)}")


if __name__ == "__main__":
    main()
