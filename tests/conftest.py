"""What every test runs under: a quiet TensorFlow."""

import os

# Before TensorFlow is imported for the first time: no notes on the CPU's instructions, and none on
# missing GPUs.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
