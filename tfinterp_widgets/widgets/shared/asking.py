"""What every widget that asks a model has: its life from the first question to its closing."""

from __future__ import annotations

from tfinterp_widgets.widgets.shared.locked import EXCLUSIVE
from tfinterp_widgets.widgets.shared.refusing import Refusing
from tfinterp_widgets.widgets.shared.runner import Runner


class Asking(Refusing):
    """Mixin for widgets with a `Runner` and a trait `status`, to stand before the widget class.

    Making such a widget asks nothing; its first display does, and so does setting a trait. Answers
    are computed on a thread of the model's own, ever better, and the newest question wins.
    """

    _closed = False
    _runner: Runner

    def _ask(self) -> None:
        """Put what the traits say to the worker."""
        raise NotImplementedError

    def _forget(self) -> None:
        """Drop what is remembered, before everything is asked afresh."""

    def explain(self) -> None:
        """Ask once more, and return at once; weights that are new give a new answer."""
        if self._closed:
            raise RuntimeError(f"This {type(self).__name__} is closed; make another one.")
        with self._exclusively():
            self._forget()
            self._ask()

    def wait(self, timeout: float | None = None) -> bool:
        """Block until the answer is there, or the run was cancelled or failed; see `status`.

        Parameters
        ----------
        timeout : float, optional
            In seconds; None waits as long as it takes.

        Returns
        -------
        bool
            True once idle, False when the time is over.

        Raises
        ------
        RuntimeError
            Inside an observer, where the answer could not arrive.
        """
        if EXCLUSIVE.held:
            raise RuntimeError(
                "wait() was called inside an observer or hold_trait_notifications(), where no "
                "answer can arrive. Call it after that has returned."
            )
        return self._runner.wait(timeout)

    def cancel(self) -> None:
        """Stop after the current chunk; the last good result stays."""
        self._runner.cancel()

    def close(self) -> None:
        """Cancel, leave the model's thread and close the view; the model stays usable."""
        if self._ready and not self._closed:
            with EXCLUSIVE:
                self._closed = True
                self._runner.close()
                self._close_parts()
        super().close()  # type: ignore[misc]
        # ipywidgets 8 takes away the method with which it would show a view; ours shows a picture.
        self.__dict__.pop("_repr_mimebundle_", None)

    def _close_parts(self) -> None:
        """Close what the widget is made of."""

    def _show(self) -> None:
        """Ask at the first display."""
        with self._exclusively():
            if not self._runner.begun and not self._closed:
                self._ask()

    def _show_refusals(self) -> None:
        self._runner.show_status()
