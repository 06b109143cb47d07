"""Ways to answer that lead nowhere."""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from notifications.terms import Answer, Terms
from scheduler.settings.finding import Finding
from scheduler.settings.locate import Path
from scheduler.settings.settings import Settings

# Residents are told, not asked.
_ASKED = ("volunteer", "staff")


def dead_ends(settings: Settings) -> Iterator[Finding]:
    """An error where texts ask for texts to no number; a warning where a link leads to this machine alone."""
    told: set[tuple[Path, str]] = set()
    for audience in _ASKED:
        terms = settings.terms_for(audience)
        for finding in _of(terms, settings.terms, audience, settings.service.public_url):
            if (finding.path, finding.code) not in told:
                told.add((finding.path, finding.code))
                yield finding


def _of(terms: Terms, base: Terms, audience: str, public_url: str) -> Iterator[Finding]:
    if terms.answer is Answer.REPLY and not terms.replies_to:
        at: Path = ("sms",) if base.answer is terms.answer else ("sms", audience)
        yield Finding((*at, "answer"), "reply_needs_number")
    elif terms.answer is not Answer.REPLY and terms.channel != "console" and _is_here_alone(public_url):
        at = ("sms",) if base.channel == terms.channel else ("sms", audience)
        yield Finding((*at, "channel"), "link_unreachable", {"value": public_url})


def _is_here_alone(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
