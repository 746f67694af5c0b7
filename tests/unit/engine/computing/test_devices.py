"""Several devices that share the chunks of one question."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import AttributionEngine, IntegratedGradients
from tfinterp_widgets.engine.computing.chunking import Chunking

BOTH = ["/device:CPU:0", "/device:CPU:1"]


@pytest.fixture(scope="module")
def result():
    """What `two_devices.py` writes: TensorFlow here has one CPU device for good."""
    script = Path(__file__).with_name("two_devices.py")
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": ""}
    ran = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, env=environment, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


@pytest.mark.parametrize("chunk", ["found", "given"])
def test_two_devices_answer_as_one_does(result, chunk):
    assert len(result[chunk]["differences"]) == 6
    for method, difference in result[chunk]["differences"].items():
        assert difference < 1e-4, method


@pytest.mark.parametrize("chunk", ["found", "given"])
def test_two_devices_answer_a_batch_as_one_does(result, chunk):
    assert len(result[chunk]["in a batch"]) == 2
    assert max(result[chunk]["in a batch"]) < 1e-4


@pytest.mark.parametrize("chunk", ["found", "given"])
def test_both_devices_are_used_for_gradients_and_for_forward_passes(result, chunk):
    assert result[chunk]["ran on"] == [BOTH, BOTH]


def test_estimates_come_while_the_work_is_shared(result):
    progress = result["given"]["progress"]
    assert len(progress) > 3
    assert progress == sorted(progress)
    assert progress[-1] == 1


def test_chunks_that_do_not_fit_are_halved_on_every_device(result):
    assert result["crowded"] == pytest.approx([1, 8], rel=1e-3)
    assert result["crowded on"] == BOTH


@pytest.mark.parametrize("devices", [1, 2, 3])
@pytest.mark.parametrize("count", [1, 4, 5, 17, 100])
def test_shares_are_even_whole_and_no_larger_than_a_chunk(devices, count):
    chunking = Chunking(None, 8, devices)
    reached = 0
    for begin, end in chunking.cut(count):
        assert begin == reached
        reached = end
        shares = chunking.share(end - begin)
        assert len(shares) <= devices
        assert [share[0] for share in shares] == [0, *(share[1] for share in shares[:-1])]
        assert shares[-1][1] == end - begin
        assert max(stop - start for start, stop in shares) <= 8
    assert reached == count


def test_one_device_by_name(separable):
    engine = separable(lambda x: x**3, devices=["cpu:0"])
    a = engine.attribute(np.array([1.0, 2.0]), 0, IntegratedGradients(64, rule="midpoint"))
    assert a.values == pytest.approx([1, 8], rel=1e-3)


def sums(batch):
    return tf.reduce_sum(batch, axis=1)


@pytest.mark.parametrize(
    ("devices", "error", "message"),
    [
        ("CPU:0", TypeError, 'expected "auto" or a list of names'),
        (0, TypeError, 'expected "auto" or a list of names'),
        ([], TypeError, "at least one name"),
        ([0], TypeError, "each a string"),
        (["CPU:7"], ValueError, "which has .*CPU:0.*Did you mean 'CPU:0'"),
        (["TPU:0", "CPU:0"], ValueError, "device 'TPU:0' is not known"),
        (["CPU:0", "/device:CPU:0"], ValueError, "twice"),
    ],
)
def test_devices_that_are_none(devices, error, message):
    with pytest.raises(error, match=message):
        AttributionEngine(sums, devices=devices)
