"""Cells that display an explorer, and know what its view has to show."""

from pathlib import Path

# The real classifier.
DEMO = """
import tfinterp_widgets as tw
from tfinterp_widgets.pictures import ViewSettings, has_sign, render

photos = list(tw.samples.photos().values())
explorer = tw.demo()
START = {name: getattr(explorer, name) for name in explorer.keys
         if name in "steps target method baseline image_index".split()
         or name in ViewSettings.__annotations__}

def start_again():
    with explorer.hold_trait_notifications():
        for name, value in START.items():
            setattr(explorer, name, value)
    return explorer.wait(60)

def picture(steps=None, ground="light"):
    result = explorer.result
    if steps is not None:
        method = tw.IntegratedGradients(steps, result.method.baseline)
        result = explorer.engine.attribute(photos[explorer.image_index], result.target, method)
    settings = {name: getattr(explorer, name) for name in ViewSettings.__annotations__}
    signed, over = has_sign(result), photos[explorer.image_index].shape[:2]
    return render(
        result.heatmap(), ViewSettings(**settings), signed=signed, over=over, ground=ground
    ).pixels

explorer
"""

# A small model, each chunk of which a test can hold back.
GATED = f"""
import sys
sys.path.append({str(Path(__file__).parent)!r})
import gated, numpy as np
import tfinterp_widgets as tw
from tfinterp_widgets.pictures import ViewSettings, has_sign, render

gate = gated.gate
images = gated.images()
explorer = tw.AttributionExplorer(gated.engine(), images, smooth=0.0, steps=16)
free = tw.AttributionEngine(gated.model())

def start_again():
    gate.error = None
    gate.open()
    with explorer.hold_trait_notifications():
        explorer.image_index, explorer.target, explorer.steps = 0, None, 16
        explorer.method, explorer.opacity, explorer.sign = "IntegratedGradients", 0.7, "signed"
    explorer.explain()
    return explorer.wait(60)

def colours(heatmap):
    settings = {{name: getattr(explorer, name) for name in ViewSettings.__annotations__}}
    return render(heatmap, ViewSettings(**settings), signed=has_sign(explorer.result)).pixels

def first_preview(target):
    return next(free.refine(images["one"], target, tw.IntegratedGradients(16)))

def picture():
    return colours(explorer.result.heatmap())

explorer
"""
