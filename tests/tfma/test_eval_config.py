"""A configuration goes to TFMA's protocol buffers and back, whatever it holds."""

import math
import random

import pytest
from google.protobuf import json_format, text_format
from tensorflow_model_analysis.metrics import metric_types
from tensorflow_model_analysis.proto import config_pb2

import tfinterp_widgets as tw
from tfinterp_widgets.evaluation.tfma_bridge.checks import class_of
from tfinterp_widgets.evaluation.tfma_bridge.messages import MetricConfig, MetricsSpec
from tfinterp_widgets.evaluation.tfma_bridge.run import config_for
from tfinterp_widgets.evaluation.tfma_bridge.specs import Configured

EVERYTHING = """
model_specs {
  name: "old" label_key: "good" prediction_key: "score" example_weight_key: "weight"
  is_baseline: true padding_options {}
}
model_specs { name: "new" label_keys { key: "out" value: "good" } inference_batch_size: 7 }
slicing_specs {}
slicing_specs { feature_keys: ["age", "housing"] feature_values { key: "job" value: "1" } }
slicing_specs { slice_keys_sql: "SELECT STRUCT(age) FROM example.age" }
cross_slicing_specs { baseline_spec {} slicing_specs { feature_keys: "age" } }
metrics_specs {
  metrics {
    class_name: "AUC" config: '"num_thresholds": 300'
    threshold {
      value_threshold { lower_bound { value: 0.9 } upper_bound {} }
      change_threshold { absolute { value: -1e-10 } direction: HIGHER_IS_BETTER }
    }
    per_slice_thresholds { slicing_specs {} threshold {} }
  }
  model_names: ["old", "new"] output_names: "out" output_weights { key: "out" value: 0.1 }
  binarize { class_ids { values: [0, 2] } k_list {} }
  aggregate { micro_average: false class_weights { key: 3 value: 0.1 } }
  example_weights { weighted: true }
  thresholds { key: "mse" value { value_threshold { upper_bound { value: inf } } } }
  per_slice_thresholds { key: "mse" value { thresholds { slicing_specs {} threshold {} } } }
  cross_slice_thresholds { key: "mse" value { thresholds { cross_slicing_specs {} } } }
}
options {
  include_default_metrics { value: false } compute_confidence_intervals {}
  confidence_intervals { method: POISSON_BOOTSTRAP } min_slice_size { value: 10 }
  disabled_outputs { values: "plots" }
}
"""


def fill(message, dice):
    """Set fields of a message at random, some to what is empty."""
    for field in message.DESCRIPTOR.fields:
        if dice.random() < 0.5:
            continue
        place = getattr(message, field.name)
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            key, value = field.message_type.fields
            if value.message_type is not None:
                fill(place[scalar(key, dice)], dice)
            else:
                place[scalar(key, dice)] = scalar(value, dice)
        elif field.is_repeated:
            for _ in range(dice.randrange(3)):
                if field.message_type is not None:
                    fill(place.add(), dice)
                else:
                    place.append(scalar(field, dice))
        elif field.message_type is not None:
            place.SetInParent()
            fill(place, dice)
        else:
            setattr(message, field.name, scalar(field, dice))


def scalar(field, dice):
    if field.enum_type is not None:
        return dice.choice(field.enum_type.values).number
    return {
        field.CPPTYPE_STRING: dice.choice(["", "text"]),
        field.CPPTYPE_BOOL: dice.random() < 0.5,
        field.CPPTYPE_INT32: dice.choice([0, 3, -1]),
        field.CPPTYPE_INT64: dice.choice([0, 3, -1]),
        field.CPPTYPE_FLOAT: dice.choice([0.0, 0.1, 1e-30]),
        field.CPPTYPE_DOUBLE: dice.choice([0.0, 0.1, -1e300, math.inf]),
    }[field.cpp_type]


def test_every_field_comes_back_from_text():
    proto = text_format.Parse(EVERYTHING, config_pb2.EvalConfig())
    config = tw.EvalConfig.from_text(EVERYTHING)
    assert config == tw.EvalConfig.from_proto(proto)
    assert config.to_proto() == proto
    assert config.metrics_specs[0].aggregate.class_weights[3] == pytest.approx(0.1)


@pytest.mark.parametrize("seed", range(100))
def test_messages_set_at_random_come_back(seed):
    proto = config_pb2.EvalConfig()
    fill(proto, random.Random(seed))
    back = tw.EvalConfig.from_proto(proto).to_proto()
    assert back == proto
    assert back.SerializeToString(deterministic=True) == proto.SerializeToString(deterministic=True)


def test_json_and_text_are_the_same():
    proto = text_format.Parse(EVERYTHING, config_pb2.EvalConfig())
    for names in (True, False):
        text = json_format.MessageToJson(proto, preserving_proto_field_name=names)
        assert tw.EvalConfig.from_text(text).to_proto() == proto


def test_a_wrong_name_in_text_is_placed():
    with pytest.raises(ValueError, match='no field named "labl_key"'):
        tw.EvalConfig.from_text('model_specs { labl_key: "good" }')


def test_other_messages_are_refused_by_name():
    with pytest.raises(TypeError, match="proto is a SlicingSpec; expected an EvalConfig"):
        tw.EvalConfig.from_proto(config_pb2.SlicingSpec())


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        ('class_name: "Informednes"', r"no metric of .* Did you mean 'Informedness'\?"),
        ('class_name: "AUC" config: \'"nam": 1\'', "'AUC' cannot be made with .*argument 'nam'"),
    ],
)
def test_metrics_that_cannot_be_made_are_refused_before_any_run(metric, message):
    text = f'model_specs {{ label_key: "y" }} metrics_specs {{ metrics {{ {metric} }} }}'
    config = tw.EvalConfig.from_text(text)
    with pytest.raises(ValueError, match=message):
        tw.slice_metrics([0, 1], [0.1, 0.9], {"a": [1, 2]}, config=config)
    with pytest.raises(ValueError, match=message):
        config_for(config, [""])


def test_every_metric_of_tfma_is_known_by_its_class():
    for name in metric_types.registered_metrics():
        known = Configured(name, name, (), False, MetricConfig(name), MetricsSpec(), name)
        assert class_of(known).__name__ == name


def test_what_protocol_buffers_cannot_hold_is_refused():
    config = tw.EvalConfig.from_text('{"options": {"confidence_intervals": {"method": "GUESS"}}}')
    with pytest.raises(ValueError, match=r"cannot be written as protocol buffers.*GUESS"):
        config.to_proto()
