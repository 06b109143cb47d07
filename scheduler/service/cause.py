"""Why what must be said about sessions changed: the trail of each text keeps it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from scheduler.timetable.label import Label


class Cause(StrEnum):
    """What somebody did; its value stands in the trail of the texts that are not wanted any more."""

    SETTINGS = "settings"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    AWAY = "away"
    SWAPPED = "swapped"
    REPLACED = "replaced"
    AGAIN = "again"
    SUBSTITUTES = "substitutes"
    CALLED_OFF = "called off by the desk"
    HELD_AFTER_ALL = "held after all"
    LINKS_CLOSED = "links were closed"
    FOLLOWED = "followed"
    UNFOLLOWED = "unfollowed"


CAUSES: Mapping[Cause, Label] = MappingProxyType(
    {
        Cause.SETTINGS: Label("lịch đã sửa", "the settings were edited"),
        Cause.CONFIRMED: Label("người trực đã nhận lời", "the person said yes"),
        Cause.DECLINED: Label("người trực xin nghỉ", "the person said no"),
        Cause.AWAY: Label("người trực báo vắng", "the person is away"),
        Cause.SWAPPED: Label("đã đổi người trực", "somebody else took the shift"),
        Cause.REPLACED: Label("đã thay người trực", "somebody else was put there"),
        Cause.AGAIN: Label(
            "có người trở lại, đã xếp lại người trực", "somebody is back, and seats were given anew"
        ),
        Cause.SUBSTITUTES: Label("đã nhờ người trực thay", "substitutes were asked"),
        Cause.CALLED_OFF: Label("quầy báo không diễn ra", "the desk called the session off"),
        Cause.HELD_AFTER_ALL: Label("buổi trực vẫn diễn ra", "the session is held after all"),
        Cause.LINKS_CLOSED: Label("đã khóa các đường dẫn cũ", "the former links were closed"),
        Cause.FOLLOWED: Label("người dân đã đăng ký nhận tin", "a resident asked for texts"),
        Cause.UNFOLLOWED: Label("người dân đã thôi nhận tin", "a resident asked for no more texts"),
    }
)
