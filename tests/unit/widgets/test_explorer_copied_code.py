"""The code that the view copies computes the same without the widget."""

import numpy as np
import pytest
from answers import done

import tfinterp_widgets as tw
from tfinterp_widgets import AttributionExplorer


@pytest.mark.parametrize(
    "baseline", ["blur", 12.0, np.full((8, 8, 3), 5.0)], ids=["name", "number", "array"]
)
def test_copied_code_computes_the_same_without_the_widget(finished, images, baseline):
    finished.target, finished.baseline = (0, 1), baseline
    assert done(finished) == "done"
    scope = {"engine": finished.engine, "images": images, "baseline": baseline}
    exec(finished._result["code"], scope)  # noqa: S102  # it is what is tested
    np.testing.assert_array_equal(scope["heatmap"], finished.result.heatmap())


class Fading:
    """A baseline of the user's own."""

    def of(self, x):
        return x / 2


@pytest.mark.parametrize("unit", [1, 255])
@pytest.mark.parametrize("baseline", ["grey", "white", "noise", Fading()])
@pytest.mark.parametrize("method", ["IntegratedGradients", "Saliency"])
def test_copied_code_for_other_outputs_and_units(model, images, unit, baseline, method):
    engine = tw.AttributionEngine(model, output="probability", preprocess=lambda x: x / unit * 255)
    floats = {name: image / 255 * unit for name, image in images.items()}
    explorer = AttributionExplorer(
        engine, floats, baseline=baseline, image_index=1, method=method, steps=3, target=1
    )
    explorer.explain()
    assert done(explorer) == "done"
    scope = {"engine": engine, "images": floats, "baseline": baseline}
    exec(explorer._result["code"], scope)  # noqa: S102  # it is what is tested
    np.testing.assert_array_equal(scope["heatmap"], explorer.result.heatmap())
    assert scope["attribution"].score == explorer.result.score
    explorer.close()


def test_copied_code_makes_the_engine_of_a_model(model, images):
    for preprocess in (None, lambda batch: batch / 2):
        explorer = AttributionExplorer(model, images, preprocess=preprocess, steps=2)
        explorer.explain()
        assert done(explorer) == "done"
        scope = {"model": model, "images": images, "preprocess": preprocess}
        code = explorer._result["code"]
        assert "widgets." not in code
        exec(code, scope)  # noqa: S102  # it is what is tested
        np.testing.assert_allclose(
            scope["heatmap"], explorer.result.heatmap(), rtol=1e-5, atol=1e-7
        )
        explorer.close()
