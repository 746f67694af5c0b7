"""What a traced graph is made of: operations, and those inside the functions that it calls."""

from __future__ import annotations

from typing import Any


class Operations:
    """The operations of a graph, by what they compute and by what reaches what.

    Parameters
    ----------
    graph : tf.Graph
        Read once: operations that are added later are not seen.
    """

    def __init__(self, graph: Any) -> None:
        self.all = graph.get_operations()  # each after those it reads
        # The bodies of functions that are called: tf.function, XLA, loops and conditions.
        library = graph.as_graph_def().library.function
        self._bodies = {body.signature.name: body.node_def for body in library}

    def types(self, operation: Any) -> set[str]:
        """What an operation computes: its type and, of a call, the types inside."""
        # A graph that calls nothing is not read again, one operation after the other.
        inside = self._types_called(operation.node_def, set()) if self._bodies else set()
        return {operation.type} | inside

    def _types_called(self, node: Any, entered: set[str]) -> set[str]:
        found: set[str] = set()
        for value in node.attr.values():
            for called in (value.func, *value.list.func):
                if called.name in self._bodies and called.name not in entered:
                    entered.add(called.name)
                    for inner in self._bodies[called.name]:
                        found |= {inner.op} | self._types_called(inner, entered)
        return found


def behind(tensor: Any) -> set[str]:
    """The names of the operations that a tensor is computed by."""
    found: set[str] = set()
    ahead = [tensor.op]
    while ahead:
        operation = ahead.pop()
        if operation.name not in found:
            found.add(operation.name)
            ahead += [read.op for read in operation.inputs]
    return found
