"""When and where: the words of the calendar, and dates into instants.

``label`` is a text people read, in their language. ``place`` holds wards, places and services; ``shift`` the
repeating rule; ``session`` one dated occurrence; ``span`` a time of day from–to; ``days`` reads which dates a
rule names; ``holidays`` which of them are holidays, ``closure`` how people speak of those; ``recurrence``
turns a shift into sessions; ``availability`` says when a person can come; ``opening`` what residents see as
open. All pure.
"""
