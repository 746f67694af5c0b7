"""Where the numbers are computed while the notebook stays live: one thread for each engine."""

from tfinterp_widgets.runtime.worker import Event, Slot, slot_for

__all__ = ["Event", "Slot", "slot_for"]
