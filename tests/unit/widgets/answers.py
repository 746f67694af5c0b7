"""Answers of an explorer: waited for, and computed without the widget."""

import tfinterp_widgets as tw

# Only guards against a hang: no assertion depends on how fast anything is.
PATIENCE = 120


def done(explorer):
    assert explorer.wait(PATIENCE)
    return explorer.status["state"]


def check_displays(widget):
    """Nothing was asked yet; the first display asks, and the second does not."""
    assert (widget.status["state"], widget.result) == ("idle", None)
    widget._repr_mimebundle_()
    assert done(widget) == "done", widget.status
    run = widget.status["run"]
    widget._repr_mimebundle_()
    assert widget.status["run"] == run


def attribute(explorer, **changes):
    """The same answer from the engine, without the widget."""
    asked = {"steps": explorer.steps, "target": explorer.target, **changes}
    x = explorer._photographs[explorer.image_index].values
    method = tw.IntegratedGradients(steps=asked["steps"])
    return explorer.engine.attribute(x, target=asked["target"], method=method)
