"""What an interactive session costs: the steps slider moved back and forth over many questions.

For each of 10 classes and 3 baselines the slider is moved 20 times among 8, 16, ... 256, as the
seed has it. The engine goes on from what it has; who recomputes pays for every move in full, but
for the very same number of steps asked for twice, which counts as free for both.
"""

import time

import numpy as np

import tfinterp_widgets as tw

STOPS = (8, 16, 32, 64, 128, 256)
CLASSES = (285, 281, 282, 287, 904, 283, 284, 286, 288, 728)
BASELINES = (0.0, 127.5, tw.baselines.Blur(20.0))
MOVES = 20
GOAL = 5


def main() -> None:
    sample = tw.samples.imagenet()
    photo = tw.samples.photos()["cat"]
    engine = tw.AttributionEngine(sample.model, preprocess=sample.preprocess)
    rng = np.random.default_rng(0)
    ours = recomputed = 0
    began = time.perf_counter()
    for target in CLASSES:
        for baseline in BASELINES:
            last = None
            for steps in rng.choice(STOPS, MOVES):
                method = tw.IntegratedGradients(int(steps), baseline)
                answer = engine.attribute(photo, target, method)
                ours += answer.evaluations
                if steps != last:
                    assert answer.path is not None
                    recomputed += int(answer.path.evaluated.sum())
                last = steps
    print(f"{len(CLASSES) * len(BASELINES) * MOVES} moves, {time.perf_counter() - began:.0f} s")
    print(f"evaluations: {ours} here, {recomputed} recomputed at each move")
    print(f"ratio: {recomputed / ours:.2f} (goal: >= {GOAL})")


if __name__ == "__main__":
    main()
