"""A small real model, an engine whose chunks a test can hold back, and a view that records."""

import threading

import comm
import ipywidgets
import numpy as np
import pytest
from answers import PATIENCE
from comm.base_comm import BaseComm

CLASSES = ("cat", "dog", "duck")


@pytest.fixture(scope="session")
def make_model():
    import keras

    def make_model(seed=0):
        keras.utils.set_random_seed(seed)
        model = keras.Sequential(
            [
                keras.Input((8, 8, 3)),
                keras.layers.Rescaling(1 / 255),
                keras.layers.Conv2D(4, 3, activation="tanh"),
                keras.layers.Flatten(),
                keras.layers.Dense(len(CLASSES), activation="softmax"),
            ],
            name="small",
        )
        model.layers[-1].bias.assign([-2, 0, 2])  # so that the top class is not class 0
        return model

    return make_model


@pytest.fixture(scope="session")
def model(make_model):
    return make_model()


@pytest.fixture(scope="session")
def images():
    random = np.random.default_rng(0)
    return {
        name: random.integers(0, 256, (8, 8, 3), np.uint8) for name in ("tabby", "husky", "mallard")
    }


@pytest.fixture
def gate():
    """Lets the chunks of a gated engine through; open unless a test closes it."""
    return Gate()


class Gate:
    def __init__(self):
        self._open = threading.Event()
        self._open.set()
        self._single = threading.Semaphore(0)
        self._arrived = threading.Semaphore(0)
        self.error = None

    def close(self):
        self._open.clear()

    def open(self):
        self._open.set()
        self._single.release()

    def let_one_through(self):
        self._single.release()

    def await_chunk(self):
        """Block until an answer stands at the gate."""
        assert self._arrived.acquire(timeout=PATIENCE)

    def pass_through(self):
        if self._open.is_set():
            return
        self._arrived.release()
        assert self._single.acquire(timeout=PATIENCE)
        if self.error is not None:
            error, self.error = self.error, None
            raise error


@pytest.fixture
def engine(model, gate):
    from tfinterp_widgets import AttributionEngine
    from tfinterp_widgets.engine.asking.question import Question

    class GatedQuestion(Question):
        """The real question; a gate stands behind each chunk of gradients."""

        def gradients(self, points):
            found = super().gradients(points)
            gate.pass_through()
            return found

    class GatedEngine(AttributionEngine):
        def ask(self, x, target=None):
            return GatedQuestion(**vars(super().ask(x, target)))

    return GatedEngine(model, class_names=CLASSES, batch_size=4)


class View:
    """The other end of the comm: records what it is sent, and sends what a test tells it to."""

    def __init__(self):
        self.comm = None
        self.messages = []

    def open(self, **kwargs):
        view = self

        class RecordingComm(BaseComm):
            kernel = "some"  # ipywidgets 7 is silent without one

            def publish_msg(self, _, data=None, __=None, buffers=None, **___):
                if data:
                    view.messages.append((data, buffers or []))

        self.comm = RecordingComm(**kwargs)
        return self.comm

    def custom(self, kind):
        found = [(d["content"], b) for d, b in self.messages if d.get("method") == "custom"]
        return [(content, buffers) for content, buffers in found if content["kind"] == kind]

    def updates(self, name):
        states = [data["state"] for data, _ in self.messages if data.get("method") == "update"]
        return [state[name] for state in states if name in state]

    def send(self, content):
        self._deliver({"method": "custom", "content": content})

    def set(self, **state):
        self._deliver({"method": "update", "state": state})

    def _deliver(self, data):
        self.comm.handle_msg({"content": {"data": data}, "buffers": []})


@pytest.fixture
def view(monkeypatch):
    view = View()
    monkeypatch.setattr(comm, "create_comm", view.open)
    # ipywidgets 7 makes its comms by another name, and insists on ipykernel's.
    monkeypatch.setattr(ipywidgets.widgets.widget, "Comm", view.open, raising=False)
    monkeypatch.setattr(ipywidgets.Widget.comm, "klass", BaseComm, raising=False)
    return view


@pytest.fixture
def explorer(engine, images, view, gate):  # noqa: ARG001  # the view has to be there first
    from tfinterp_widgets import AttributionExplorer

    explorer = AttributionExplorer(engine, images, steps=8)
    yield explorer
    gate.open()
    explorer.close()


@pytest.fixture
def finished(explorer):
    """An explorer with its first answer."""
    explorer.explain()
    assert explorer.wait(PATIENCE)
    assert explorer.status["state"] == "done", explorer.status
    return explorer
