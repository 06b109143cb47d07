"""A pretend Twilio on this machine: real HTTP, a ledger, and faults on request.

``provider`` is the whole of it, with a verb for each thing that it does; ``server`` is its HTTP, ``message``
what it keeps and shows of a text, ``calls`` are the signed calls that it makes, and ``specification`` holds
all that passes against Twilio's own description, so that it cannot drift from what it pretends to be.
"""

from tests.fake_twilio.message import ACCOUNT, Message
from tests.fake_twilio.provider import TOKEN, FakeTwilio

__all__ = ["ACCOUNT", "TOKEN", "FakeTwilio", "Message"]
