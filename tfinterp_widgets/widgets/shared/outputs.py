"""What a notebook keeps of a widget's output, for where no widget can run."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from textwrap import shorten
from typing import Any

from PIL import Image

Bundle = tuple[dict[str, Any], dict[str, Any]]

_VIEW = "application/vnd.jupyter.widget-view+json"


def line_of(widget: Any, about: Callable[[Any], str]) -> str:
    """Write a widget in one line: what `about` says that it is of, and how its answer gets on."""
    kind = type(widget).__name__
    if not widget._ready:
        return f"<{kind}, not made yet>"
    state = "closed" if widget._closed else widget.status["state"]
    message = shorten(widget.status["message"], 120, placeholder=" ...")
    return f"<{kind}{about(widget)}, {state}{f': {message}' if message else ''}>"


def with_picture(bundle: Bundle | None, picture: Image.Image) -> Bundle:
    """Add a picture, in base64, to what a notebook keeps of an output."""
    data, metadata = bundle or ({}, {})
    content = io.BytesIO()
    picture.save(content, format="PNG")
    encoded = base64.b64encode(content.getvalue()).decode("ascii")
    return {**data, "image/png": encoded}, metadata


def bundle_of(widget: Any, picture: Image.Image) -> Bundle:
    """Text, the view unless the widget is closed, and a picture."""
    data: dict[str, Any] = {"text/plain": repr(widget)}
    if not widget._closed:
        data[_VIEW] = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    return with_picture((data, {}), picture)
