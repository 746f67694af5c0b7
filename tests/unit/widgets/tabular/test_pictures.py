"""The tabular explorer where no widget can run: text, pictures, pages."""

import base64
import io

import pytest
from answers import done
from PIL import Image


def opened(content):
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        return image


def test_it_is_one_line_of_text(finished):
    assert repr(finished) == "<TabularExplorer of 'credit': row 0 of 60, done>"
    finished.row = 99
    assert "error: row=99" in repr(finished)
    finished.close()
    assert "closed" in repr(finished)


@pytest.mark.parametrize("view", ["row", "global"])
def test_a_picture_and_a_page_are_saved_of_either_view(finished, tmp_path, view):
    finished.view = view
    assert done(finished) == "done"
    picture = finished.save_png(tmp_path / "bars.png")
    assert opened(picture.read_bytes()).width > 900
    page = finished.save_html(str(tmp_path / "bars.html")).read_text(encoding="utf-8")
    assert "duration" in page
    assert "data:image/png;base64," in page
    assert "http" not in page


def test_there_is_nothing_to_save_before_the_first_answer(explorer, tmp_path):
    with pytest.raises(RuntimeError, match="no result to save yet"):
        explorer.save_png(tmp_path / "bars.png")
    with pytest.raises(RuntimeError, match="no result to save yet"):
        explorer.save_html(tmp_path / "bars.html")
    assert not list(tmp_path.iterdir())


def test_a_notebook_keeps_the_view_and_a_picture(finished):
    data, _ = finished._repr_mimebundle_()
    view = data["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == finished.model_id
    assert opened(base64.b64decode(data["image/png"])).format == "PNG"
    finished.close()
    data, _ = finished._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" not in data
    assert "image/png" in data
