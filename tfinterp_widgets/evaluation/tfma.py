"""TensorFlow Model Analysis on Apache Beam: for data that outgrow the machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.evaluation.tfma_bridge.data import examples_of
from tfinterp_widgets.evaluation.tfma_bridge.examples import MODEL_INPUT, Preprocess
from tfinterp_widgets.evaluation.tfma_bridge.library import load_tfma
from tfinterp_widgets.evaluation.tfma_bridge.quiet import quiet
from tfinterp_widgets.evaluation.tfma_bridge.results import table_from_tfma
from tfinterp_widgets.evaluation.tfma_bridge.run import (
    check_free,
    config_for,
    options_of,
    root_of,
    shared_models,
    with_signatures,
)
from tfinterp_widgets.evaluation.tfma_bridge.workers import ending_workers


def run_tfma(
    model: Any,
    data: Any,
    config: Any,
    output: str | Path,
    pipeline_options: Any = None,
    *,
    preprocess: Preprocess | None = None,
    inputs: str | Sequence[str] | None = None,
) -> SliceTable:
    """Evaluate a model slice by slice with TensorFlow Model Analysis, on Apache Beam.

    The model is saved to ``output/model`` with a signature that parses tf.Examples, tables are
    written to ``output/examples`` as TFRecord files, TFMA's `run_model_analysis` computes on Beam,
    and its results lie in `output`, where `SliceTable.from_tfma` finds them again. Until it is done
    the loggers of Beam, TensorFlow and absl let errors through only.

    Parameters
    ----------
    model : keras.Model, path of a SavedModel, or dict of name to these
        A SavedModel's signature takes serialised tf.Examples. Several models are evaluated on the
        same rows; their names are those of the configuration's `model_specs`, if it has any.
    data : DataFrame, or str or Path
        Rows with the columns that the configuration names: a table; a CSV file, which ends in
        ".csv" or ".csv.gz"; or the path, or pattern, of TFRecord files of tf.Examples. Only the
        last are read on Beam's workers alone; numbers that are not whole become float32. Each row
        needs its label, and its weight where there are weights.
    config : EvalConfig, TFMA's own, or its text
        `ExampleCount` is added to its metrics where it is not among them.
    output : str or Path
        A folder without results in it; for other runners, one that the workers can reach.
    pipeline_options : PipelineOptions of Beam, or sequence of str, optional
        Where and how Beam runs; as a sequence, its command line. Left out, the rows are shared
        between two processes of this machine. For Google Cloud, say ``["--runner=DataflowRunner",
        "--project=...", "--region=...", "--temp_location=gs://..."]``; for Flink
        ``["--runner=FlinkRunner", "--flink_master=host:8081"]``; for Spark
        ``["--runner=SparkRunner", "--spark_master_url=spark://host:7077"]``. Workers need
        TensorFlow Model Analysis, and not this package.
    preprocess : callable, optional
        ``preprocess(rows) -> array (n, d)``: what the model takes, of rows of a DataFrame or CSV
        file without their labels and weights. It runs here, not on the workers.
    inputs : str or sequence of str, optional
        The feature that holds the model's input, or the columns that make it up. Left out, they are
        those named as the model's inputs; else the one that is as long as its input; else, of
        tables, all numbers but labels and weights.

    Returns
    -------
    SliceTable

    Raises
    ------
    ImportError
        If TensorFlow Model Analysis is not installed: ``pip install "tfinterp-widgets[tfma]"``.
    FileExistsError
        If `output` holds results already.
    FileNotFoundError, TypeError, ValueError
        If model, data and configuration do not fit; the message says what was expected.
    RuntimeError
        If TFMA or Beam fail; the message begins with their own.

    Examples
    --------
    >>> table = tw.run_tfma(model, frame, config, "runs/1", preprocess=encode)  # doctest: +SKIP
    >>> tw.SliceExplorer(table)  # doctest: +SKIP

    References
    ----------
    https://www.tensorflow.org/tfx/model_analysis; https://beam.apache.org/documentation/runners.
    """
    tfma = load_tfma("run_tfma")
    folder = str(output)
    check_free(folder)
    models = dict(model) if isinstance(model, Mapping) else {"": model}
    settled = with_signatures(config_for(config, list(models)), models)
    with quiet():
        examples = examples_of(data, f"{folder}/examples", settled, preprocess)
        named = MODEL_INPUT if preprocess is not None and inputs is None else inputs
        shared = shared_models(tfma, models, folder, settled, examples, named)
    options = options_of(pipeline_options)
    try:
        with quiet(), ending_workers():  # quiet once more: saving a model sets levels of its own
            tfma.run_model_analysis(
                eval_shared_model=shared,
                eval_config=settled.to_proto(),
                data_location=examples.pattern,
                output_path=folder,
                pipeline_options=options,
            )
    except Exception as error:
        # Beam raises what its workers raised, under a heap of their tracebacks.
        said = root_of(error)
        raise RuntimeError(f"TensorFlow Model Analysis failed on Beam: {said}") from error
    return table_from_tfma(folder)
