"""TensorFlow Model Analysis itself: loaded when it is first needed, or missed by name."""

from __future__ import annotations

import importlib
from typing import Any

OLDEST = (0, 52)
"""The oldest version that works with this package's pandas; older ones pin pandas 1."""

_EXTRA = 'Install it with: pip install "tfinterp-widgets[tfma]"'


def load_tfma(purpose: str) -> Any:
    """Import TensorFlow Model Analysis.

    Parameters
    ----------
    purpose : str
        What needs it, as the subject of a sentence: "run_tfma".

    Returns
    -------
    module
        `tensorflow_model_analysis`.

    Raises
    ------
    ImportError
        If it is not installed, does not load, or is too old; the message says what to install.
    """
    try:
        tfma: Any = importlib.import_module("tensorflow_model_analysis")
    except ImportError as error:
        missing = isinstance(error, ModuleNotFoundError) and error.name == (
            "tensorflow_model_analysis"
        )
        came = "is not installed" if missing else f"does not load here ({error})"
        raise ImportError(
            f"{purpose} needs TensorFlow Model Analysis, which {came}. {_EXTRA}"
        ) from (error)
    version = str(getattr(tfma, "__version__", "unknown"))
    if _numbers(version) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise ImportError(
            f"{purpose} needs TensorFlow Model Analysis {oldest} or newer; version {version} is "
            f"installed. {_EXTRA}"
        )
    return tfma


def load_config_pb2(purpose: str) -> Any:
    """Import the protocol buffers of TFMA's configuration; raises as `load_tfma` does."""
    load_tfma(purpose)
    # Version 0.52 does not export EvalConfig at its top, as its documentation has it.
    return importlib.import_module("tensorflow_model_analysis.proto.config_pb2")


def _numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version: (0, 52) of "0.52.0.dev1"; () where there are none."""
    numbers = []
    for part in version.split(".")[: len(OLDEST)]:
        if not part.isdigit():
            break
        numbers.append(int(part))
    return tuple(numbers)
