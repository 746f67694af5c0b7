"""A table with a logistic regression of it, whose rows a test can hold back."""

import credit
import numpy as np
import pytest

import tfinterp_widgets as tw


@pytest.fixture(scope="session")
def frame():
    return credit.table()


@pytest.fixture(scope="session")
def labels():
    return np.random.default_rng(1).integers(0, 2, 60)


@pytest.fixture
def gated_engine(gate):
    from tfinterp_widgets.engine.asking.question import Question

    class GatedQuestion(Question):
        """The real question; a gate stands behind each chunk of gradients."""

        def gradients(self, points):
            found = super().gradients(points)
            gate.pass_through()
            return found

    class GatedEngine(tw.AttributionEngine):
        def ask(self, x, target=None):
            return GatedQuestion(**vars(super().ask(x, target)))

        def refine_batch(self, X, targets=None, method=None):
            for number, x in enumerate(X):
                for estimate in self.refine(x, targets, method):
                    yield number, estimate

    return GatedEngine(credit.model())


@pytest.fixture
def explorer(gated_engine, frame, labels, gate):
    explorer = tw.TabularExplorer(
        gated_engine,
        frame,
        labels,
        preprocess=credit.preprocess,
        class_names=["bad", "good"],
        steps=8,
    )
    yield explorer
    gate.open()
    explorer.close()
