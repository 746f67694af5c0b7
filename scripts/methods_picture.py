"""Draw the README's picture of all methods on one photograph."""

from __future__ import annotations

from pathlib import Path

import tfinterp_widgets as tw
from tfinterp_widgets.engine.methods import METHODS, Method
from tfinterp_widgets.pictures import draw_side_by_side

TARGET = Path(__file__).parents[1] / "docs" / "methods.jpg"
GREY = 127.0
# What hides parts of the photograph hides them in grey, which is there neither; all else is as by
# default.
HIDING = ("Occlusion", "LIME", "KernelSHAP")
SHORT = {
    "GuidedIntegratedGradients": "Guided IG",
    "BlurIntegratedGradients": "Blur IG",
    "LayerIntegratedGradients": "Layer IG",
    "GuidedBackprop": "Guided backprop",
}


def method_called(name: str) -> Method:
    """The method with the parameters of the picture."""
    return METHODS[name](**({"baseline": GREY} if name in HIDING else {}))


def main() -> None:
    """Ask each method why there are spaniels, and draw the answers in the registry's order."""
    sample = tw.samples.imagenet()
    engine = tw.AttributionEngine(sample.model, preprocess=sample.preprocess)
    photograph = tw.samples.photos()["spaniels"]
    results = {}
    for name in METHODS:
        method = method_called(name)
        results[SHORT.get(name, method.label)] = engine.attribute(photograph, method=method)
        print(name, flush=True)
    # A photograph in all its colours is a third of a PNG's bytes: it is in git, and on a page.
    picture = draw_side_by_side(photograph, results, columns=7)
    picture.save(TARGET, quality=88, subsampling=0, optimize=True)


if __name__ == "__main__":
    main()
