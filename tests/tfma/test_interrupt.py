"""An interrupt in the middle of a run of Beam ends it, and the processes that it has started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

PATIENCE = 300  # only guards against a hang
# A model that is never done: no run ends before the signal arrives. A process that is started in
# the background, as by `make test &` in a script, inherits that SIGINT is ignored, and Python then
# leaves it so: here it is heeded, as kernels of Jupyter and what runs in a terminal do.
RUN = """
import keras, pandas as pd, signal, sys, tensorflow as tf, tfinterp_widgets as tw
signal.signal(signal.SIGINT, signal.default_int_handler)
output, begun = sys.argv[1:]

class Endless(keras.layers.Layer):
    def call(self, x):
        tf.io.write_file(begun, "")
        return tf.while_loop(lambda _: True, lambda x: [tf.cos(x)], [x])[0]

x = keras.Input((1,), name="x")
model = keras.Model(x, keras.layers.Dense(1, activation="sigmoid")(Endless()(x)))
frame = pd.DataFrame({"x": [0.0, 1.0] * 9, "y": [0, 1] * 9})
config = '''model_specs { label_key: "y" }
    metrics_specs { metrics { class_name: "BinaryAccuracy" } }'''
try:
    tw.run_tfma(model, frame, config, output)
except KeyboardInterrupt:
    sys.exit(3)
"""


def members(group: int) -> list[str]:
    """The command lines of the processes of a group."""
    listed = subprocess.run(
        ["ps", "-eww", "-o", "pgid=", "-o", "args="], capture_output=True, text=True, check=True
    )
    rows = (line.split(maxsplit=1) for line in listed.stdout.splitlines())
    return [row[1] for row in rows if len(row) == 2 and int(row[0]) == group]


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.2)


@pytest.mark.parametrize(
    ("moment", "send"),
    [
        # to the group, as Jupyter and terminals send it, or to the run alone
        ("a worker computes", os.killpg),
        ("a worker starts", os.killpg),
        ("a worker starts", os.kill),
    ],
)
def test_an_interrupt_leaves_no_process_behind(moment, send, tmp_path):
    output, begun = tmp_path / "run", tmp_path / "begun"
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, str(output), str(begun)],
        start_new_session=True,
        cwd=Path(__file__).parents[2],
        stderr=subprocess.DEVNULL,
    )

    def has_come() -> bool:
        assert run.poll() is None
        if moment == "a worker computes":
            return begun.exists()
        return any("sdk_worker_main" in each for each in members(run.pid))

    try:
        wait_until(has_come)
        send(run.pid, signal.SIGINT)
        assert run.wait(PATIENCE) == 3
        wait_until(lambda: not members(run.pid))
        assert not list(output.glob("metrics*"))
    finally:
        if members(run.pid):
            os.killpg(run.pid, signal.SIGKILL)
