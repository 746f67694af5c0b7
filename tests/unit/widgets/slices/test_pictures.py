"""The slice explorer where widgets cannot run."""

import csv

import numpy as np
import pytest
from answers import done
from PIL import Image

import tfinterp_widgets as tw
from tfinterp_widgets.evaluation.slicing.keys import slice_name
from tfinterp_widgets.widgets.slices.arranging import arranged
from tfinterp_widgets.widgets.slices.showing import figures


def listed(explorer):
    return [slice_name(key) for key in arranged(explorer, explorer._conversation.result)]


def test_there_is_nothing_to_save_before_the_first_answer(explorer, tmp_path):
    for save in (explorer.save_png, explorer.save_html, explorer.save_csv):
        with pytest.raises(RuntimeError, match="no result to save yet"):
            save(tmp_path / "file")


def test_the_picture_has_a_dot_and_a_whisker_for_each_slice(finished, tmp_path):
    (axes,) = figures(finished)[0].axes
    dots, whiskers = axes.collections[1], axes.collections[0]
    column = finished.result.column("accuracy")
    np.testing.assert_array_equal(dots.get_offsets()[:, 0], column.value)
    ends = np.array([path.vertices[:, 0] for path in whiskers.get_paths()])
    np.testing.assert_array_equal(ends, np.column_stack([column.low, column.high]))
    with Image.open(finished.save_png(tmp_path / "slices.png")) as picture:
        assert picture.width == 1080


def test_what_rests_on_few_rows_is_grey():
    home = np.repeat(["own", "rent"], [100, 100])
    labels = np.where(np.arange(200) < 180, np.arange(200) % 2, 0)  # of rent 40 positives
    labels[100:120] = 0  # 30
    labels[121] = 0  # 29
    explorer = tw.SliceExplorer(labels, np.linspace(0, 1, 200), {"home": home})
    explorer.explain()
    assert done(explorer) == "done", explorer.status

    def colours():
        (figure,) = figures(explorer)
        return figure.axes[0].collections[1].get_facecolors()[1:, :3]

    own, rent = colours()
    np.testing.assert_array_equal(own, rent)  # accuracy rests on 100 rows of either
    explorer.metric = "recall"
    assert done(explorer) == "done", explorer.status
    assert explorer.result[{"home": "rent"}]["recall"].denominator == 29
    own, rent = colours()
    assert not np.allclose(own, rent)
    (figure,) = figures(explorer)
    assert any("grey below 30 positives" in text.get_text() for text in figure.texts)
    explorer.close()


def test_slices_are_drawn_as_the_view_lists_them(finished):
    finished.sort_by, finished.descending = "value", True
    values = [
        finished.result[key]["accuracy"].value
        for key in arranged(finished, finished._conversation.result)
    ]
    assert values[1:] == sorted(values[1:], reverse=True)
    finished.search = "HOUSING re"
    assert listed(finished) == ["all", "housing: rent"]
    finished.search, finished.sort_by = "", "slice"
    assert listed(finished)[1:] == sorted(listed(finished)[1:], reverse=True)
    finished.min_count = 10_000
    assert listed(finished) == ["all"]


def test_each_column_sorts(finished):
    finished.gates = {"accuracy": 0.7}
    assert done(finished) == "done"
    for column in ("n", "difference", "gate", "other", "comparison"):
        finished.sort_by = column
        assert len(listed(finished)) == len(finished.result)
    finished.sort_by = "n"
    counts = [
        finished.result[key]["auc"].count
        for key in arranged(finished, finished._conversation.result)
    ]
    assert counts[1:] == sorted(counts[1:])


def test_a_brush_leaves_slices_between_its_ends(finished):
    low, high = 0.0, finished.result[(("housing", "rent"),)]["accuracy"].value
    finished.brush = (low, high)
    for key in arranged(finished, finished._conversation.result)[1:]:
        assert low <= finished.result[key]["accuracy"].value <= high


def test_the_page_says_why_a_metric_is_undefined(tmp_path):
    explorer = tw.SliceExplorer(
        [0, 0, 1, 1], [0.1, 0.7, 0.2, 0.8], {"pair": ["a", "a", "b", "b"]}, metrics=["auc"]
    )
    explorer.explain()
    assert done(explorer) == "done", explorer.status
    page = explorer.save_html(tmp_path / "slices.html").read_text(encoding="utf-8")
    assert "undefined: one class only" in page
    assert "pair: a" in page
    explorer.close()


def test_two_models_are_drawn_in_two_colours(rows):
    labels, scores, frame = rows
    explorer = tw.SliceExplorer(labels, {"old": scores, "new": 1 - scores}, frame)
    explorer.explain()
    assert done(explorer) == "done", explorer.status
    (axes,) = figures(explorer)[0].axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["old", "new"]
    explorer.close()


def test_csv_holds_the_table(finished, tmp_path):
    with finished.save_csv(tmp_path / "slices.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert [line["slice"] for line in lines] == [slice_name(key) for key in finished.result]
    assert float(lines[0]["accuracy"]) == finished.result[()]["accuracy"].value


def test_a_line_says_what_it_is(explorer, finished):
    assert repr(explorer) == f"<SliceExplorer of {len(finished.result)} slices by accuracy, done>"
    explorer.threshold = 7
    assert "error: threshold=7" in repr(explorer)
