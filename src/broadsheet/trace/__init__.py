"""From a row back to the bytes it came from."""

from broadsheet.trace.basis import Basis
from broadsheet.trace.trace import Place, Trace, trace

__all__ = ["Basis", "Place", "Trace", "trace"]
