"""The log: one line of key=value an event, instants in UTC, and no telephone number whole."""

import logging
import re
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog

from notifications.phone import mask

# As they are stored, as an address escapes them, and as people here write them: a library's fault may quote
# the request that it failed at.
_NUMBER = re.compile(
    r"(?:(?<![0-9a-zA-Z])(?:\+|%2B|0084|84)\d{8,14}|(?<![0-9a-zA-Z.:-])0[235789]\d{8,9})(?!\d)"
)


def log_to(stream: TextIO) -> None:
    """Sends the log to `stream`."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _without_numbers,
            structlog.processors.LogfmtRenderer(key_order=("timestamp", "level", "event")),
        ],
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    # APScheduler tells of every job it runs, and warns when a look at the files takes longer than a second,
    # though the next look is as good; what matters of them is in our own log.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # These tell of each job, and while the database is away each second, with a traceback, that it is.
    for name in ("procrastinate", "psycopg.pool"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def tell_of_clock(fault: str) -> None:
    """Says why nothing is done: the clock of this machine cannot be right."""
    structlog.get_logger(__name__).error("clock_impossible", fault=fault)


def masked(text: str) -> str:
    """`text` with every telephone number in it as it may be shown."""
    return _NUMBER.sub(lambda found: mask(_e164(found[0])), text)


def _e164(written: str) -> str:
    digits = written.removeprefix("%2B").removeprefix("+").removeprefix("00")
    return "+84" + digits[1:] if digits.startswith("0") else "+" + digits


def _without_numbers(_: object, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {key: masked(value) if isinstance(value, str) else value for key, value in event.items()}
