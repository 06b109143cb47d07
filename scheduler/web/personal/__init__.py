"""A person's own page behind a secret address: answers, swaps, days away, attendance, a calendar.

``routes`` answers ``/r/{token}`` and ``/a``; ``door`` finds out whose a link or code is, ``tries`` limits
how often that may be tried, ``visit`` is who tries, here and where residents follow; ``asked`` reads forms,
``deeds`` does what they ask, ``threads`` keeps the database off the event loop. ``desk_deeds`` and
``desk_card`` are what staff say of a session. ``view`` turns what was gathered into words (``words`` holds
the fixed ones in both languages), ``feed`` into a calendar. GET changes nothing: phones and networks open
links by themselves.
"""
