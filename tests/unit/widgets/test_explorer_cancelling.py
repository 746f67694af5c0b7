"""Cancelling a run that is under way: how much the model still does, counted without a clock."""

import threading

import pytest
from answers import PATIENCE, done
from methods import SMALL, conv_model, explorer_of

import tfinterp_widgets as tw
from tfinterp_widgets.engine.computing.compiled_chunks import CompiledChunks
from tfinterp_widgets.engine.methods import METHODS


@pytest.fixture(scope="module")
def engine():
    return tw.AttributionEngine(conv_model(), class_names=("cat", "dog", "duck"), batch_size=4)


class Passes:
    """Counts the passes through the model, and holds one of them back."""

    def __init__(self, monkeypatch):
        self.begun = 0
        self.hold_next = threading.Event()
        self.held = threading.Event()
        self.go_on = threading.Event()
        for name in ("run", "run_alone"):
            monkeypatch.setattr(CompiledChunks, name, self._counted(getattr(CompiledChunks, name)))

    def _counted(self, run):
        def counted(*args, **keywords):
            self.begun += 1
            if self.hold_next.is_set():
                self.hold_next.clear()
                self.held.set()
                assert self.go_on.wait(PATIENCE)
            return run(*args, **keywords)

        return counted


@pytest.mark.parametrize("name", METHODS)
def test_after_cancelling_at_most_one_more_pass_is_begun(name, engine, view, monkeypatch):  # noqa: ARG001
    explorer = explorer_of(engine)
    method = METHODS[name](**SMALL.get(name, {}))
    explorer.method = method  # compiles what it needs
    assert done(explorer) == "done", explorer.status
    several = explorer.result.evaluations > 4
    limit, engine.cache_bytes = engine.cache_bytes, 0  # forgets the answer
    engine.cache_bytes = limit
    passes = Passes(monkeypatch)
    if several:  # in the midst of it
        taken = explorer._conversation._take_estimate

        def take(estimate, query):
            taken(estimate, query)
            if not passes.held.is_set():
                passes.hold_next.set()

        monkeypatch.setattr(explorer._conversation, "_take_estimate", take)
    else:
        passes.hold_next.set()
    explorer.explain()
    assert passes.held.wait(PATIENCE)
    explorer.cancel()
    begun = passes.begun
    passes.go_on.set()
    assert done(explorer) == "cancelled"
    # Of a layer, what it returns at both ends is asked for once more, to tell the levels reached.
    assert passes.begun - begun <= (3 if name == "LayerIntegratedGradients" else 1)
    explorer.close()
