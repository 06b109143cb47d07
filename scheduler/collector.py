"""Keeps the garbage collector from stopping every thread for what is no garbage.

A full collection looks at all that there is. With a city's 40,000 sessions it took 0.1 s each time that a new
board was made of them, and whoever asked for a page waited.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def nothing_collected() -> Iterator[None]:
    """While much is made that stays nothing is looked at; only rings of garbage wait until afterwards."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def keep_what_is_loaded() -> None:
    """What there is by now is never looked at again: to be called once, when a service has started."""
    gc.collect()
    gc.freeze()
