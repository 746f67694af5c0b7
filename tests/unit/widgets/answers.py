"""Answers of an explorer: waited for, and computed without the widget."""

import tfinterp_widgets as tw

# Only guards against a hang: no assertion depends on how fast anything is.
PATIENCE = 120


def done(explorer):
    assert explorer.wait(PATIENCE)
    return explorer.status["state"]


def attribute(explorer, **changes):
    """The same answer from the engine, without the widget."""
    asked = {"steps": explorer.steps, "target": explorer.target, **changes}
    x = explorer._photographs[explorer.image_index].values
    method = tw.IntegratedGradients(steps=asked["steps"])
    return explorer.engine.attribute(x, target=asked["target"], method=method)
