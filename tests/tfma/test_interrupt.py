"""An interrupt in the middle of a run of Beam ends it, and the processes that it has started."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PATIENCE = 120  # only guards against a hang
RUN = """
import keras, pandas as pd, sys, tfinterp_widgets as tw
x = keras.Input((1,), name="x")
model = keras.Model(x, keras.layers.Dense(1, activation="sigmoid")(x))
frame = pd.DataFrame({"x": [0.0, 1.0] * 9, "y": [0, 1] * 9})
config = '''model_specs { label_key: "y" }
    metrics_specs { metrics { class_name: "BinaryAccuracy" } }'''
try:
    tw.run_tfma(model, frame, config, sys.argv[1])
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


def test_an_interrupt_leaves_no_process_behind(tmp_path):
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path / "run")],
        start_new_session=True,
        cwd=Path(__file__).parents[2],
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + PATIENCE
    try:
        while not any("sdk_worker_main" in each for each in members(run.pid)):
            assert run.poll() is None
            assert time.monotonic() < until
            time.sleep(0.2)
        os.killpg(run.pid, signal.SIGINT)  # to the group, as Jupyter and terminals send it
        assert run.wait(PATIENCE) in (3, -signal.SIGINT)
        while members(run.pid):
            assert time.monotonic() < until
            time.sleep(0.2)
        assert not list((tmp_path / "run").glob("metrics*"))
    finally:
        if members(run.pid):
            os.killpg(run.pid, signal.SIGKILL)
