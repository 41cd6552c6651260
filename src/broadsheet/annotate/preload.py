"""Importing this reads every pack, in a process that others are forked from: they share what it has read.

It starts no thread, which `broadsheet.engine` does with the libraries it imports: a fork would not survive that.
"""

import gc
from contextlib import suppress

from broadsheet.annotate import Annotator

with suppress(Exception):  # the process that needs a pack says what is wrong with it
    Annotator.load().preload()
gc.collect()
gc.freeze()  # memory the collector does not write to stays shared
