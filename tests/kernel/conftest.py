"""A real kernel, and a front end that a test speaks for."""

import os

import numpy as np
import pytest
from jupyter_client import KernelManager

# Only guards against a hang: no assertion depends on how fast anything is.
PATIENCE = 180

SETUP = """
import keras, numpy as np
import tfinterp_widgets as tw

keras.utils.set_random_seed(0)
model = keras.Sequential([
    keras.Input((8, 8, 3)),
    keras.layers.Conv2D(4, 3, activation="tanh"),
    keras.layers.Flatten(),
    keras.layers.Dense(3, activation="softmax"),
])
images = np.random.default_rng(0).random((2, 8, 8, 3))
engine = tw.AttributionEngine(model, batch_size=4)
"""


class FrontEnd:
    """The other end of the kernel's channels."""

    def __init__(self, client):
        self.client = client
        self.heard = []  # everything on iopub, in order

    def run(self, code):
        """Run a cell to its end."""
        self.finish(self.begin(code))

    def begin(self, code):
        return self.client.execute(code)

    def finish(self, cell):
        def ended(message):
            return (
                message["parent_header"].get("msg_id") == cell
                and message["msg_type"] == "status"
                and message["content"]["execution_state"] == "idle"
            )

        self.listen(ended)
        errors = [
            "\n".join(message["content"]["traceback"])
            for message in self.heard
            if message["msg_type"] == "error" and message["parent_header"].get("msg_id") == cell
        ]
        assert not errors, errors[0]

    def listen(self, until):
        """Take messages until one fits, and return that."""
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            self.heard.append(message)
            if until(message):
                return message

    def evaluate(self, expression):
        """Ask the kernel for the value of an expression, behind everything sent before."""
        cell = self.client.execute("", user_expressions={"it": expression}, silent=True)
        while True:
            reply = self.client.get_shell_msg(timeout=PATIENCE)
            if reply["parent_header"].get("msg_id") == cell:
                found = reply["content"]["user_expressions"]["it"]
                assert found["status"] == "ok", found
                return eval(found["data"]["text/plain"])  # of our own kernel's repr

    def streams(self):
        return [message["content"] for message in self.heard if message["msg_type"] == "stream"]


class Widget:
    """A view's side of one explorer."""

    def __init__(self, front_end, name):
        self.front_end = front_end
        self.comm_id = front_end.evaluate(f"{name}.model_id")

    def send(self, data):
        client = self.front_end.client
        message = client.session.msg("comm_msg", {"comm_id": self.comm_id, "data": data})
        client.shell_channel.send(message)

    def set(self, **state):
        self.send({"method": "update", "state": state, "buffer_paths": []})

    def custom(self, content):
        self.send({"method": "custom", "content": content})

    def messages(self):
        return [message for message in self.front_end.heard if self.is_mine(message)]

    def is_mine(self, message):
        return (
            message["msg_type"].startswith("comm_")
            and message["content"]["comm_id"] == self.comm_id
        )

    def updates(self, name):
        datas = [message["content"]["data"] for message in self.messages()]
        states = [data["state"] for data in datas if data.get("method") == "update"]
        return [state[name] for state in states if name in state]

    def maps(self):
        """(content, map) of every map message."""
        found = []
        for message in self.messages():
            content = message["content"]["data"].get("content", {})
            if content.get("kind") == "map":
                buffer = message["buffers"][content["map"]["buffer"]]
                found.append(
                    (content, np.frombuffer(buffer, "<f4").reshape(content["map"]["shape"]))
                )
        return found

    def await_status(self, state, after=0):
        """Listen until a run later than `after` is in `state`; return that status."""

        def fits(message):
            if not self.is_mine(message):
                return False
            status = message["content"]["data"].get("state", {}).get("status", {})
            return status.get("state") == state and status["run"] > after

        return self.front_end.listen(fits)["content"]["data"]["state"]["status"]


@pytest.fixture(scope="session")
def kernel():
    """A kernel with a model and an engine in it."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"})
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=PATIENCE)
        FrontEnd(client).run(SETUP)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.fixture
def front_end(kernel):
    return FrontEnd(kernel)


@pytest.fixture
def widget(front_end):
    front_end.run("explorer = tw.AttributionExplorer(engine, list(images), steps=8)")
    front_end.heard.clear()
    yield Widget(front_end, "explorer")
    front_end.run("explorer.close()")
