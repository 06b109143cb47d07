"""The wing that knows shifts, people and time.

From the bottom: ``timetable`` (when), ``roster`` (who), ``reminders`` (what is said and when) and ``plan``
(what changes) are pure: no clock, no database, no network. ``settings`` reads the file, ``store`` keeps the
rows, ``service`` holds the use cases, ``web`` and ``ticker`` call them, ``running`` is the service at work,
``ways`` are the channels and carriers by which texts leave, ``editing`` takes edits of the file meanwhile,
``app`` puts the real things together, ``working`` does it for a worker on another machine, ``moving`` brings
all rows to another database, ``cli`` prints; ``surroundings`` are what a process was given, ``clock`` alone
reads the present, ``log`` writes what happened, ``collector`` keeps the garbage collector out of the way.
Imports go down only.
"""
