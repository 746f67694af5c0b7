"""Static figures of a widget as one picture, or as one page that needs nothing else."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from html import escape

from matplotlib.figure import Figure
from PIL import Image

from tfinterp_widgets.pictures.canvas import FAINT, Canvas

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ max-width: 1080px; margin: 2rem auto; padding: 0 1rem; color: #1f2328;
  font: 16px/1.45 system-ui, sans-serif; }}
img {{ max-width: 100%; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; }}
th, td {{ padding: .2rem .8rem; border-bottom: 1px solid #d1d9e0; text-align: right; }}
th:first-child, td:first-child {{ text-align: left; }}
</style>
<h1>{title}</h1>
<p><img src="data:image/png;base64,{picture}" alt="{title}; its numbers follow below."></p>
<table>
<thead><tr>{head}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</html>
"""


def stack(figures: Sequence[Figure]) -> Image.Image:
    """Draw matplotlib figures below one another, as one RGB picture."""
    drawn = [_rendered(figure) for figure in figures]
    width = max(picture.width for picture in drawn)
    page = Image.new("RGB", (width, sum(picture.height for picture in drawn)), "white")
    top = 0
    for picture in drawn:
        page.paste(picture, (0, top))
        top += picture.height
    return page


def draw_notice(title: str, line: str, *, scale: int = 2) -> Image.Image:
    """Draw a title, and in its place what there is instead of a figure."""
    canvas = Canvas(640, 84, scale)
    canvas.text(20, 18, title, size=18)
    canvas.text(20, 48, line, colour=FAINT)
    return canvas.image


def page(
    title: str, picture: Image.Image, head: Sequence[str], rows: Sequence[Sequence[str]]
) -> str:
    """Write a page of HTML: a picture, and its numbers in a table.

    Parameters
    ----------
    title : str
    picture : PIL.Image.Image
    head : sequence of str
        Names of the table's columns.
    rows : sequence of sequence of str
    """
    content = io.BytesIO()
    picture.save(content, format="PNG")
    return _PAGE.format(
        title=escape(title, quote=True),
        picture=base64.b64encode(content.getvalue()).decode("ascii"),
        head="".join(f"<th>{escape(name)}</th>" for name in head),
        rows="\n".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
        ),
    )


def _rendered(figure: Figure) -> Image.Image:
    content = io.BytesIO()
    figure.savefig(content, format="png")
    with Image.open(content) as image:
        return image.convert("RGB")
