"""The built JavaScript and CSS of the views."""

from __future__ import annotations

from importlib.resources import files


def read_bundle(name: str) -> str:
    """Read a file of ``tfinterp_widgets/static``.

    It is handed to anywidget as a string: a path would keep closed widgets alive.

    Raises
    ------
    FileNotFoundError
        When the JavaScript has not been built.
    """
    file = files("tfinterp_widgets") / "static" / name
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"{file} is missing: the JavaScript of the views has not been built. In the "
            "repository run `npm ci && npm run build`, or install again with `pip install .`."
        ) from error
