"""A configuration in JSON needs no TensorFlow Model Analysis."""

import json

import pytest

import tfinterp_widgets as tw
from tfinterp_widgets.evaluation.tfma_bridge.messages import SlicingSpec
from tfinterp_widgets.evaluation.tfma_bridge.plain import from_plain, to_plain

TEXT = """{
  "modelSpecs": [{"labelKey": "good", "prediction_key": "score"}],
  "slicingSpecs": [{}, {"featureKeys": ["age"], "featureValues": {"job": "1"}}],
  "metricsSpecs": [{
    "metrics": [{"className": "AUC", "threshold": {"valueThreshold": {"lowerBound": 0.7}}}],
    "binarize": {"classIds": {"values": [0, 2]}},
    "aggregate": {"macroAverage": true, "classWeights": {"2": 0.5}},
    "thresholds": {"mse": {"valueThreshold": {"upperBound": "Infinity"}}}
  }],
  "options": {"minSliceSize": 10, "computeConfidenceIntervals": null}
}"""


def test_fields_are_read_under_both_of_their_names():
    config = tw.EvalConfig.from_text(TEXT)
    (model,), (metrics,) = config.model_specs, config.metrics_specs
    assert (model.label_key, model.prediction_key) == ("good", "score")
    assert config.slicing_specs == (SlicingSpec(), SlicingSpec(("age",), {"job": "1"}))
    assert metrics.metrics[0].threshold.value_threshold.lower_bound == 0.7
    assert metrics.binarize.class_ids == (0, 2)
    assert metrics.aggregate.class_weights == {2: 0.5}
    assert metrics.thresholds["mse"].value_threshold.upper_bound == float("inf")
    assert config.options.min_slice_size == 10
    assert config.options.compute_confidence_intervals is None


def test_what_is_written_is_json_and_reads_the_same():
    config = tw.EvalConfig.from_text(TEXT)
    text = json.dumps(to_plain(config), allow_nan=False)
    assert tw.EvalConfig.from_text(text) == config


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"modelSpecs": [{"labelKe": "x"}]}', r"model_specs\[0\] has no field 'labelKe'.*label_k"),
        ('{"modelSpecs": ', "begins as JSON, and is not"),
    ],
)
def test_text_that_is_no_configuration_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        tw.EvalConfig.from_text(text)


@pytest.mark.parametrize(
    ("plain", "message"),
    [
        ({"modelSpecs": 3}, "model_specs is 3; expected a list"),
        ({"modelSpecs": [3]}, r"model_specs\[0\] is 3; expected a mapping"),
        ({"modelSpecs": [{"isBaseline": "yes"}]}, "is_baseline is 'yes'; expected a bool"),
        ({"options": {"minSliceSize": 1.5}}, r"min_slice_size is 1\.5; expected a number"),
        ({"metricsSpecs": [{"thresholds": []}]}, "thresholds is \\[\\]; expected a mapping"),
    ],
)
def test_a_field_of_another_type_is_placed(plain, message):
    with pytest.raises(TypeError, match=message):
        from_plain(tw.EvalConfig, plain, "EvalConfig")


def test_what_is_no_text_is_refused():
    with pytest.raises(TypeError, match="text is a bytes; expected the text of an EvalConfig"):
        tw.EvalConfig.from_text(b"{}")
    with pytest.raises(TypeError, match="proto is a dict; expected an EvalConfig"):
        tw.EvalConfig.from_proto({})


def test_fields_that_have_no_effect_are_named():
    config = tw.EvalConfig.from_text("""{
      "modelSpecs": [{"labelKey": "good", "paddingOptions": {"labelIntPadding": -1}}],
      "metricsSpecs": [{"metrics": [{"className": "BinaryAccuracy"}]}],
      "options": {"includeDefaultMetrics": true, "disabledOutputs": {"values": ["plots"]}}
    }""")
    names = ["padding_options", "include_default_metrics", "disabled_outputs"]
    assert [each.split(" ")[0] for each in config.unsupported()] == names
    with pytest.warns(UserWarning, match="padding_options .*include_default_metrics .*disabled_"):
        table = tw.slice_metrics([0, 1], [0.2, 0.9], config=config)
    assert table[()]["accuracy"].value == 1


def test_fields_that_ask_for_nothing_are_not():
    config = tw.EvalConfig.from_text("""{
      "modelSpecs": [{"labelKey": "good"}],
      "metricsSpecs": [{"metrics": [{"className": "BinaryAccuracy"}]}],
      "options": {"includeDefaultMetrics": false, "disabledOutputs": {}}
    }""")
    assert config.unsupported() == ()
