"""The real TensorFlow Model Analysis, asked about tables."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
import tensorflow_model_analysis as tfma

import tfinterp_widgets as tw


@pytest.fixture(scope="session")
def analyse() -> Callable[..., tw.SliceTable]:
    """Ask TFMA about a table with predictions, in this process."""

    def analyse(frame: pd.DataFrame, text: str, output: Any = None) -> tw.SliceTable:
        config = tw.EvalConfig.from_text(text).to_proto()
        result = tfma.analyze_raw_data(frame, config, None if output is None else str(output))
        return tw.SliceTable.from_tfma(result if output is None else output)

    return analyse
