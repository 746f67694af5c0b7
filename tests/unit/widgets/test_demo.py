"""The demo: nothing is given, and its code needs nothing either."""

import numpy as np

import tfinterp_widgets as tw

PATIENCE = 120


def test_the_code_of_the_demo_runs_as_it_is():
    explorer = tw.demo(steps=1, target=0, image_index=1)
    explorer.explain()
    assert explorer.wait(PATIENCE)
    scope = {}
    exec(explorer._result["code"], scope)  # noqa: S102  # it is what is tested
    # Another engine may cut the work into other chunks.
    expected = explorer.result.heatmap()
    np.testing.assert_allclose(scope["heatmap"], expected, atol=1e-4 * np.abs(expected).max())
    explorer.close()
