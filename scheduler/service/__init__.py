"""The use cases, one a file.

``office`` is what they work with: settings, templates, terms. ``apply_plan`` brings sessions in line with the
settings, ``fill_roster`` puts people on them, ``queue_reminders`` brings the outbox in line with both, all in
the caller's transaction. ``take_answer`` takes a yes or no, ``follow`` a resident's wish, ``read_outcomes``
acts on what came of texts. ``turn`` is one turn of the service. ``show_openings`` makes what residents see,
``list_sessions`` and ``list_messages`` what commands print, ``greet`` and ``put_plan_into_words`` say it.
``simulate`` runs all of it on a virtual clock, with ``pretend`` people.
"""
