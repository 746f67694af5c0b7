"""An explorer without its view: as one line of text, and as a static picture."""

import pytest
from answers import done


def test_repr_is_one_line(finished, gate):
    text = repr(finished)
    assert "\n" not in text
    for part in ("AttributionExplorer", "small", "tabby", "1 of 3", "done"):
        assert part in text
    gate.close()
    finished.target = 1
    gate.await_chunk()
    gate.error = RuntimeError("a graph\nof many lines\n" * 50)
    gate.open()
    assert done(finished) == "error"
    assert "\n" not in repr(finished)
    assert len(repr(finished)) < 300


def test_a_static_picture_goes_along(explorer, tmp_path):
    import base64
    import io

    from PIL import Image

    def picture():
        data, _ = explorer._repr_mimebundle_()
        assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
        assert data["text/plain"] == repr(explorer)
        return Image.open(io.BytesIO(base64.b64decode(data["image/png"])))

    waiting = picture()
    assert done(explorer) == "done"
    computed = picture()
    assert computed.size[0] == waiting.size[0] == 1800
    assert computed.tobytes() != waiting.tobytes()
    path = explorer.save_png(tmp_path / "explorer.png")
    assert Image.open(path).tobytes() == computed.tobytes()


def test_saving_a_picture_before_there_is_one(explorer, tmp_path):
    with pytest.raises(RuntimeError, match=r"explain\(\), then wait"):
        explorer.save_png(tmp_path / "nothing.png")
    assert list(tmp_path.iterdir()) == []


def test_a_closed_explorer_is_displayed_as_text_and_picture(finished):
    finished.close()
    run = finished.status["run"]
    data, _ = finished._repr_mimebundle_()
    assert set(data) == {"text/plain", "image/png"}
    assert "closed" in data["text/plain"]
    assert finished.status["run"] == run
