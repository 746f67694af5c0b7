"""What a traced graph is made of: operations, and those inside the functions that it calls."""

from __future__ import annotations

from collections.abc import Iterator
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
        return {operation.type, *(node.op for node in self._inside(operation))}

    def attributes(self, operation: Any, name: str) -> set[str]:
        """The values of a text attribute, that of an operation and, of a call, those inside."""
        nodes = [operation.node_def, *self._inside(operation)]
        return {node.attr[name].s.decode() for node in nodes if name in node.attr}

    def _inside(self, operation: Any) -> Iterator[Any]:
        """The nodes inside the functions that an operation calls, if any."""
        # A graph that calls nothing is not read again, one operation after the other.
        return self._called(operation.node_def, set()) if self._bodies else iter(())

    def _called(self, node: Any, entered: set[str]) -> Iterator[Any]:
        for value in node.attr.values():
            for called in (value.func, *value.list.func):
                if called.name in self._bodies and called.name not in entered:
                    entered.add(called.name)
                    for inner in self._bodies[called.name]:
                        yield inner
                        yield from self._called(inner, entered)


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


def weights_of(function: Any) -> list[Any]:
    """The variables of a concrete function that are its weights.

    That is all but integers that its outputs are not computed by, which may change at each call:
    the state of a random generator that only training draws from, a counter of calls. Numbers that
    change although the outputs do not depend on them are a sign of training, and stay in.
    """
    used = set().union(*map(behind, function.graph.outputs))
    handles = {id(outside) for outside, inside in function.graph.captures if inside.op.name in used}
    return [
        each for each in function.variables if each.dtype.is_floating or id(each.handle) in handles
    ]
