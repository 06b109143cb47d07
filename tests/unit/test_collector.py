"""The collector stands aside only as long as it is asked to."""

import gc

import pytest

from scheduler.collector import nothing_collected


def test_the_collector_is_back_whatever_happened() -> None:
    """Also after a fault."""
    with pytest.raises(LookupError):
        _fail_meanwhile()
    assert gc.isenabled()


def _fail_meanwhile() -> None:
    with nothing_collected():
        assert not gc.isenabled()
        raise LookupError
