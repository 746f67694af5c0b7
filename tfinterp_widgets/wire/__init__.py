"""How arrays and text cross between Python and the browser."""

from tfinterp_widgets.wire.arrays import (
    WireArray,
    bin_for,
    block_mean,
    from_message,
    from_wire,
    to_message,
    to_wire,
)
from tfinterp_widgets.wire.text import to_text

__all__ = [
    "WireArray",
    "bin_for",
    "block_mean",
    "from_message",
    "from_wire",
    "to_message",
    "to_text",
    "to_wire",
]
