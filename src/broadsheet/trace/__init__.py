"""From a row back to the bytes it came from."""

from broadsheet.trace.trace import Place, Trace, trace

__all__ = ["Place", "Trace", "trace"]
