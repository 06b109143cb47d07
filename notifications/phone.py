"""Phone numbers: what people write, as E.164; what takes texts; what may be shown.

``phonenumbers`` is imported where it is used: its tables take a tenth of a second, and most commands never
read a number.
"""

import re
import unicodedata
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

Fault = Literal["not_a_number", "landline", "premium", "foreign", "too_short", "too_long"]

_SENTENCES: dict[Fault, str] = {
    "not_a_number": "this is not a phone number; write digits only, like 0901 234 567",
    "landline": "this is a fixed line, which takes no texts; give a mobile number",
    "premium": "this is a service number (1800, 1900), which takes no texts; give a mobile number",
    "foreign": "this is a number of another country, which is not texted; give a Vietnamese mobile number",
    "too_short": "this number has too few digits; a mobile number has ten, like 0901 234 567",
    "too_long": "this number has too many digits; a mobile number has ten, like 0901 234 567",
}

# The exchange of 15 September 2018 to 30 June 2019: eleven digits became ten.
_NEW_PREFIX = {
    "120": "70", "121": "79", "122": "77", "126": "76", "128": "78",
    "123": "83", "124": "84", "125": "85", "127": "81", "129": "82",
    "162": "32", "163": "33", "164": "34", "165": "35", "166": "36", "167": "37", "168": "38", "169": "39",
    "186": "56", "188": "58", "199": "59",
}  # fmt: skip

_WRITTEN = re.compile(r"[(\s]*\+?[\d\s().-]*")
_OLD_MOBILE = re.compile(r"\+84(\d{3})(\d{7})")
# The library's ranges lag behind small operators (055, most of 052): the form decides.
_VIETNAMESE_MOBILE = re.compile(r"\+84[35789]\d{8}")
_VIETNAMESE_LANDLINE = re.compile(r"\+842\d*")
_E164 = re.compile(r"\+\d{9,15}")


class BadNumber(ValueError):
    """A number that cannot be texted; `code` says why, and the sentence what would be right.

    The number itself is in neither: errors end up in logs.
    """

    def __init__(self, code: Fault) -> None:
        super().__init__(_SENTENCES[code])
        self.code: Fault = code


def parse_phone(raw: str, region: str = "VN") -> str:
    """The number that `raw` means in `region`, in E.164.

    Old eleven-digit Vietnamese mobile numbers come back in their new form.

    Raises:
        BadNumber: what is written cannot take texts, or is not one number of that region.
    """
    import phonenumbers

    number = _read(raw, region)
    if number.country_code != phonenumbers.country_code_for_region(region):
        raise BadNumber("foreign")
    e164 = _e164(number)
    renewed = _renewed(e164)
    if renewed is None:
        _refuse_what_takes_no_texts(number, e164)
    return renewed or e164


def convert_old(raw: str) -> str | None:
    """The E.164 form of an eleven-digit Vietnamese mobile number of before 2018; none for anything else."""
    try:
        return _renewed(_e164(_read(raw, "VN")))
    except BadNumber:
        return None


def mask(e164: str) -> str:
    """The number as it may be shown, ``+8490•••567``: the prefix and the last three digits at most.

    Four digits are always hidden; what is not E.164 is hidden whole.
    """
    if not _E164.fullmatch(e164):
        return "•••"
    prefix = e164[:5] if _VIETNAMESE_MOBILE.fullmatch(e164) else e164[:3]
    return f"{prefix}•••{e164[-3:]}"


def _read(raw: str, region: str) -> "PhoneNumber":
    """`raw` as the library's number, of any country and kind."""
    import phonenumbers

    written = _plain(raw)
    # The library reads letters as keypad digits: "0901234567 (Zalo)" would become a longer number.
    if not _WRITTEN.fullmatch(written):
        raise BadNumber("not_a_number")
    try:
        return phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException as error:
        raise BadNumber(_fault_of_reading(error.error_type)) from None


def _plain(raw: str) -> str:
    """`raw` with ASCII digits and hyphens, and without what cannot be seen."""
    return "".join(map(_plain_character, unicodedata.normalize("NFKC", raw))).strip()


def _plain_character(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    category = unicodedata.category(character)
    if category == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    return "" if category == "Cf" else character


def _fault_of_reading(error_type: int) -> Fault:
    from phonenumbers import NumberParseException

    if error_type in (NumberParseException.TOO_SHORT_AFTER_IDD, NumberParseException.TOO_SHORT_NSN):
        return "too_short"
    return "too_long" if error_type == NumberParseException.TOO_LONG else "not_a_number"


def _e164(number: "PhoneNumber") -> str:
    from phonenumbers import PhoneNumberFormat, format_number

    return format_number(number, PhoneNumberFormat.E164)


def _renewed(e164: str) -> str | None:
    old = _OLD_MOBILE.fullmatch(e164)
    if old is None or old[1] not in _NEW_PREFIX:
        return None
    return f"+84{_NEW_PREFIX[old[1]]}{old[2]}"


def _refuse_what_takes_no_texts(number: "PhoneNumber", e164: str) -> None:
    from phonenumbers import PhoneNumberType, number_type

    kind = number_type(number)
    mobile = kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if mobile or _VIETNAMESE_MOBILE.fullmatch(e164):
        return
    if kind in (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.TOLL_FREE, PhoneNumberType.SHARED_COST):
        raise BadNumber("premium")
    if kind != PhoneNumberType.UNKNOWN or _VIETNAMESE_LANDLINE.fullmatch(e164):
        raise BadNumber("landline")
    raise BadNumber(_fault_of_length(number))


def _fault_of_length(number: "PhoneNumber") -> Fault:
    """What is wrong with a number of no known kind, held against the length of a mobile number."""
    from phonenumbers import PhoneNumberType, ValidationResult, is_possible_number_for_type_with_reason

    length = is_possible_number_for_type_with_reason(number, PhoneNumberType.MOBILE)
    if length == ValidationResult.TOO_SHORT:
        return "too_short"
    return "too_long" if length == ValidationResult.TOO_LONG else "not_a_number"
