"""What Twilio tells us unasked: from the form that came to an arrival, and from that to a receipt or a reply.

Twilio's signature runs over names and values without anything between them, so that one signature fits every
request whose letters are cut in another way. Hence each form is read once, strictly, and refused where
another reading would name another sender, another message or another reason. What is left to somebody who
holds back a true call and has its signature: to end a text early, before a word that could be a field's name.
Fields that nobody knows have to be taken, for Twilio adds to them.
"""

import ipaddress
import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from notifications.arrival import Arrival, Reply, Way
from notifications.channels.twilio_codes import RANKS, Codes
from notifications.receipt import Rank, Receipt

CHANNEL = "twilio"
LONGEST_FORM = 64 * 1024
MOST_FIELDS = 200
LONGEST_TEXT = 1600

STATUS_PATH = "/sms/twilio/status"
INBOUND_PATH = "/sms/twilio/inbound"

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,99}")
_PLAIN_LETTERS = re.compile(rb"[!-~]*")
_SID = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}")
_STATUS = re.compile(r"[a-z_-]{1,40}")
_TEXT = re.compile(r"(?s).*")
_REFERENCE = re.compile(r"[A-Za-z0-9_-]{0,64}")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_ADDRESS = re.compile(
    rf"{_E164.pattern}|[0-9]{{3,8}}|(?=.*[A-Za-z])[A-Za-z0-9 ._&+-]{{1,11}}|[a-z]+:.{{1,100}}"
)

# A text for which a Messaging Service found no sender is reported without one.
_NEEDED: Mapping[Way, tuple[tuple[str, re.Pattern[str]], ...]] = {
    "status": (("MessageSid", _SID), ("MessageStatus", _STATUS), ("To", _ADDRESS)),
    "inbound": (("MessageSid", _SID), ("From", _ADDRESS), ("To", _ADDRESS), ("Body", _TEXT)),
}
# What must not be readable in two ways.
_ONCE: Mapping[Way, tuple[tuple[str, re.Pattern[str]], ...]] = {
    "status": (("MessageSid", _SID), ("From", _E164), ("ErrorCode", re.compile(r"[0-9]+"))),
    "inbound": (("MessageSid", _SID), ("From", _E164)),
}

# Names of machines that nobody outside could reach.
_PRIVATE_NAMES = (".local", ".localhost", ".internal", ".lan", ".home", ".test")


class BadForm(ValueError):
    """What came is not a form of Twilio's, or could be read in two ways; nothing of it is in the sentence."""


class ForeignForm(BadForm):
    """A form of another account."""


def callback_address(public_url: str, base_url: str | None = None) -> str | None:
    """Where Twilio brings its receipts; none where it could not, for it refuses texts with such an address.

    Where requests go to a stand-in on this network (`base_url`), that one may bring them here, too.
    """
    if _is_private(public_url) and not (base_url and _is_private(base_url)):
        return None
    return public_url.rstrip("/") + STATUS_PATH


def parse_form(body: bytes) -> Mapping[str, str]:
    """The fields of a form, empty ones included.

    Raises:
        BadForm: it is too large, names a field twice, or holds what Twilio does not write.
    """
    if len(body) > LONGEST_FORM or not _PLAIN_LETTERS.fullmatch(body):
        raise BadForm("The form is too large or not urlencoded.")
    try:
        # Twilio signs empty values; a parser that drops them makes every such signature wrong.
        fields = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as error:
        raise BadForm("The form is none, has too many fields, or letters that are not UTF-8.") from error
    form = dict(fields)
    if len(form) < len(fields):
        raise BadForm("The form names a field twice.")
    if not all(map(_NAME.fullmatch, form)):
        raise BadForm("The form has a field whose name is none.")
    return form


def arrival_of(way: Way, query: str, body: bytes, account_sid: str, at: datetime) -> Arrival:
    """The arrival that a form makes whose signature was found good.

    `query` is that of the address, `account_sid` our own account.

    Raises:
        ForeignForm: it is of another account.
        BadForm: it lacks what a call of that kind has, or could be read in two ways.
    """
    form = parse_form(body)
    if not account_sid or form.get("AccountSid") != account_sid:
        raise ForeignForm("The form is of another account.")
    for name, shape in _NEEDED[way]:
        if name not in form or not shape.fullmatch(form[name]):
            raise BadForm(f"The form has no {name} as Twilio writes it.")
    if not all(_has_one_reading(form, name, shape) for name, shape in _ONCE[way]):
        raise BadForm("The form could be read in two ways under one signature.")
    return Arrival(CHANNEL, way, _key(way, form), _reference(query), body.decode("ascii"), at)


def read_arrival(arrival: Arrival, codes: Codes) -> Receipt | Reply | None:
    """What an arrival says: a receipt, a reply, or nothing, where a machine and no person wrote to us.

    Nothing, too, where one that was taken before would not be taken now: it must stand in nobody's way.
    """
    try:
        form = parse_form(arrival.body.encode("ascii"))
        return _receipt(arrival, form, codes) if arrival.way == "status" else _reply(arrival, form)
    except (BadForm, LookupError, UnicodeEncodeError):
        return None


def _receipt(arrival: Arrival, form: Mapping[str, str], codes: Codes) -> Receipt:
    status, code = form["MessageStatus"], form.get("ErrorCode", "")
    rank = RANKS.get(status)
    return Receipt(
        reference=arrival.reference,
        provider_id=form["MessageSid"],
        status=status,
        rank=rank,
        at=arrival.at,
        fault=codes.of_receipt(code).fault if rank is Rank.NOT_ARRIVED else None,
        code=code,
    )


def _reply(arrival: Arrival, form: Mapping[str, str]) -> Reply | None:
    """Advertisers write by name and services by short number: neither is a person who answers."""
    if not _E164.fullmatch(form["From"]):
        return None
    return Reply(
        provider_id=form["MessageSid"],
        phone=form["From"],
        to=form["To"],
        # PostgreSQL holds no NUL; the arrival itself keeps it, as %00.
        text=form["Body"].replace("\0", "")[:LONGEST_TEXT],
        at=arrival.at,
        wants_out=form.get("OptOutType", "").upper() == "STOP",
    )


def _key(way: Way, form: Mapping[str, str]) -> str:
    told = f"{way}/{form['MessageSid']}"
    return f"{told}/{form['MessageStatus']}" if way == "status" else told


def _reference(query: str) -> str:
    try:
        fields = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=10)
    except ValueError as error:
        raise BadForm("The address cannot be read.") from error
    references = [value for name, value in fields if name == "o"] or [""]
    if len(references) > 1 or not _REFERENCE.fullmatch(references[0]):
        raise BadForm("The address names no attempt of ours.")
    return references[0]


def _has_one_reading(form: Mapping[str, str], name: str, shape: re.Pattern[str]) -> bool:
    """Whether the letters that were signed name one value only for the field `name`.

    Who writes a text may put ``From+84…`` into it; cut in another place, the same signature would cover a
    text from that number, and what Twilio wrote would stand further back, in another field. A name that ends
    alike and sorts before (`ForwardedFrom`) cannot be that field, and stands apart.
    """
    apart = {other for other in form if other.endswith(name) and other < name}
    signed = "".join("\0" if each in apart else each + form[each] for each in sorted(form))
    named = re.findall(f"{name}({shape.pattern})", signed)
    return set(named) <= {form.get(name)}


def _is_private(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_PRIVATE_NAMES)
