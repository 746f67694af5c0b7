"""New weights of the model are a new question."""

import numpy as np
import pytest
from answers import done

import tfinterp_widgets as tw
from tfinterp_widgets import AttributionExplorer


def halve_weights(model):
    model.set_weights([weights * 0.5 for weights in model.get_weights()])


@pytest.mark.parametrize("steps", [1, 4, 8, 16])
def test_new_weights_make_it_a_new_question(make_model, images, steps):
    model = make_model(seed=1)
    engine = tw.AttributionEngine(model, batch_size=4)
    explorer = AttributionExplorer(engine, images, steps=8, target=0)
    explorer.explain()
    assert done(explorer) == "done"
    before, question = explorer.result, explorer._question
    predicted = explorer._predictions
    halve_weights(model)
    explorer.steps = steps
    explorer.explain()
    assert done(explorer) == "done"
    assert explorer._question == question + 1
    assert explorer.result.score != before.score
    assert explorer._predictions != predicted
    assert set(explorer._conversation._levels) == {2**k for k in range(5) if 2**k <= steps}
    for message in explorer._conversation._levels.values():
        assert message["score"] == explorer.result.score
    explorer.close()


def test_new_weights_that_leave_the_scores_as_they_were_are_new(make_model, images):
    model = make_model(seed=3)
    explorer = AttributionExplorer(model, images, steps=4, target=0)
    explorer.explain()
    assert done(explorer) == "done"
    question = explorer._question
    *_, kernel, bias = model.get_weights()
    kernel[:, 1] += 1  # another class than the target's
    model.layers[-1].set_weights([kernel, bias])
    explorer.explain()
    assert done(explorer) == "done"
    assert explorer._question == question + 1
    explorer.close()


def test_what_the_engine_has_forgotten_is_no_sign_of_new_weights(model, images):
    engine = tw.AttributionEngine(model, cache_bytes=0)
    explorer = AttributionExplorer(engine, images, steps=8)
    explorer.explain()
    assert done(explorer) == "done"
    question = explorer._question
    explorer.steps = 4
    assert done(explorer) == "done"
    assert explorer._question == question
    assert 8 in explorer._conversation._levels
    explorer.close()


def test_a_known_answer_reads_the_weights_once(model, images, monkeypatch):
    from tfinterp_widgets.engine.computing.differentiable import Differentiable

    reads, fingerprint = [], Differentiable.fingerprint
    monkeypatch.setattr(
        Differentiable, "fingerprint", lambda self: reads.append(self) or fingerprint(self)
    )
    engine = tw.AttributionEngine(model, batch_size=4)
    method = tw.IntegratedGradients(rule="graded")
    explorer = AttributionExplorer(engine, images, method=method, steps=8)
    explorer.explain()
    assert done(explorer) == "done"
    assert len(reads) == 3  # when it is asked, and after both chunks, in which levels end
    explorer.steps = 4
    assert done(explorer) == "done"
    assert len(reads) == 4  # nothing was computed in between
    explorer.close()


def test_new_weights_that_another_explorer_noticed_first(make_model, images):
    model = make_model(seed=2)
    engine = tw.AttributionEngine(model)
    ours, theirs = (AttributionExplorer(engine, images, steps=8, target=0) for _ in range(2))
    ours.explain()
    assert done(ours) == "done"
    question = ours._question
    halve_weights(model)
    theirs.explain()
    assert done(theirs) == "done"
    ours.steps = 4
    assert done(ours) == "done"
    assert ours.result.evaluations == 0
    assert ours._question == question + 1
    np.testing.assert_array_equal(
        ours._conversation._levels[8]["map"], theirs._conversation._levels[8]["map"]
    )
    ours.close()
    theirs.close()
