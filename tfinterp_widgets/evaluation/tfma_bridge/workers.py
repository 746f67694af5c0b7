"""Beam's worker processes on this machine, which are to end with the run that started them."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def ending_workers() -> Iterator[None]:
    """Let Beam end the workers that have not called it yet, as after an early interrupt.

    Beam waits for all workers at the end of a run, but says that it is over only to those that have
    called: one that calls later waits for work, and each for the other, for ever. (Of its hangs
    after interrupts: https://github.com/apache/beam/issues/19674.)
    """
    handlers: Any = importlib.import_module(
        "apache_beam.runners.portability.fn_api_runner.worker_handlers"
    )
    urns: Any = importlib.import_module("apache_beam.portability.python_urns")
    beams: Any = handlers.SubprocessSdkWorkerHandler
    over = handlers.BeamFnControlServicer._DONE_MARKER

    class Handler(beams):  # type: ignore[misc]  # Any: Beam has no types here
        def close(self) -> None:
            self.control_conn.push(over)  # found by the worker when it calls
            super().close()

    register = handlers.WorkerHandler.register_environment(urns.SUBPROCESS_SDK, bytes)
    register(Handler)
    try:
        yield
    finally:
        register(beams)
