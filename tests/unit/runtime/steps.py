"""An iterator that a test holds back, and what else the worker's tests share."""

import threading

# Only guards against a hang: no assertion depends on how fast anything is.
PATIENCE = 60


class Engine:
    """Anything that can be a key."""


class Steps:
    """An iterator whose every item waits until the test allows it."""

    def __init__(self, count):
        self.count = count
        self.allowed = threading.Semaphore(0)
        self.asked = threading.Semaphore(0)
        self.closed = threading.Event()

    def allow(self, items=1):
        for _ in range(items):
            self.allowed.release()

    def await_ask(self):
        assert self.asked.acquire(timeout=PATIENCE)

    def __call__(self):
        try:
            for number in range(self.count):
                self.asked.release()
                assert self.allowed.acquire(timeout=PATIENCE)
                yield number
        finally:
            self.closed.set()


def kinds(events):
    return [event.kind for event in events]


def worker_threads():
    return [thread for thread in threading.enumerate() if thread.name == "tfinterp-worker"]
