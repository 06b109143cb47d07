"""What residents and their programs reach over HTTP.

``application`` puts the routes together: ``front`` answers ``/``, ``api`` the JSON, ``reference`` describes
it, ``feed`` the calendars that ``calendar`` writes, ``static_files`` are style and icon, ``problem`` is every
refusal; ``personal`` are the pages behind the links of texts. ``asking`` reads what was asked; ``card`` and
``wording`` turn openings into words (``words`` holds them in both languages); ``rendering`` owns the
templates, ``security`` the headers of every answer, ``kept`` what is ready for a crowd, ``server`` the thread
that serves. Public pages read one immutable board and change nothing; ``twilio`` and ``android`` have stored
what Twilio and the phone with the SIM tell us, through the ``intake`` of all providers.
"""
