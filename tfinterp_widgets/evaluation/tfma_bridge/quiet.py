"""TFMA and Beam without their chatter, of which there are pages in a notebook."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_CHATTER = ("absl", "apache_beam", "tensorflow")
_OF_WORKERS = "TF_CPP_MIN_LOG_LEVEL"  # TensorFlow's own, which processes started meanwhile inherit


@contextmanager
def quiet() -> Iterator[None]:
    """Let only errors of Beam's, TensorFlow's and absl's loggers through; Python's warnings stay.

    Levels are put back at the end, whatever happens.
    """
    loggers = [logging.getLogger(name) for name in _CHATTER]
    levels = [logger.level for logger in loggers]
    told = os.environ.get(_OF_WORKERS)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(max(level, logging.ERROR))
    if told is None:
        os.environ[_OF_WORKERS] = "2"
    try:
        _start_beams_environment()
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        if told is None:
            os.environ.pop(_OF_WORKERS, None)


def _start_beams_environment() -> None:
    """In a notebook Beam shows a script that loads jQuery, once: here it is not shown."""
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        return
    try:
        beams = importlib.import_module("apache_beam.runners.interactive.interactive_environment")
    except ImportError:
        return  # Beam shows nothing without it
    capture = importlib.import_module("IPython.utils.capture").capture_output
    with capture(stdout=False, stderr=False, display=True):
        beams.current_env()
