"""What residents and their programs reach over HTTP.

``application`` puts the routes together. Pages: ``front`` answers ``/`` with a ``schedule`` that folds by
``fold``, or with the ``wall`` of a hall; ``place_page`` and ``session_page`` answer for one place, one
session; ``view`` is what all of these have, ``poster_page`` prints the notice that ``poster`` fits on a
sheet; ``qr`` draws codes; ``personal`` are the pages behind the links of texts. ``following`` is where
residents follow and stop. For programs: ``api`` answers in JSON, ``feed`` with the calendars that
``calendar`` writes, ``reference`` describes them. ``asking`` reads what was asked; ``card`` and ``wording``
turn openings into words (``words`` holds them in both languages); ``rendering`` owns the templates,
``static_files`` are style and icon, ``problem`` is every refusal, ``security`` the headers of every answer,
``kept`` what is ready for a crowd, ``aside`` where long answers are made, ``server`` the thread that serves.
Public pages read one immutable board and change nothing; ``twilio`` and ``android`` have stored what Twilio
and the phone with the SIM tell us, through the ``intake`` of all providers.
"""
