"""The use cases, one a file.

``office`` is what they work with: settings, texts, terms. ``take_settings`` decides on an edit: in force,
held for a person, or refused. ``apply_plan`` brings sessions in line with the settings, ``fill_roster`` puts
people on them from what ``gather_part`` finds, ``ahead`` finding large rosters before the transaction;
``queue_reminders`` brings the outbox in line with both, by the cases of ``gather_cases``, ``join_texts`` lets
one text say several of them, and ``record_agreements`` writes down who agreed to be texted, all in the
caller's transaction; ``means`` knows by what each person answers. ``take_answer`` takes a yes or no,
``replace_person`` takes somebody off, ``part_clashes`` sees that nobody is at two places, ``look_again``
finds empty seats for somebody who is back, ``explain_roster`` says why who sits where, ``seek_substitutes``
asks others when time is short, ``take_replies`` takes what people have written, ``answer_back`` answers it,
``step_back`` is for who wants no more texts, ``find_session`` knows the one that somebody names, ``follow`` a
resident's wish, ``send_code`` proves a number, ``answer_resident`` and ``say_by_text`` take what residents
and staff text, ``speak_for_desk`` what the desk says of a session, ``read_outcomes`` acts on what came of
texts, ``report_trouble`` says it to coordinators. ``forget_number`` shows and erases what is held of
somebody. ``turn`` is one turn of the service. ``show_openings`` makes what residents see, ``list_sessions``,
``list_messages`` and ``list_texts`` what commands print, ``greet`` and ``put_plan_into_words`` say it,
``tell_result`` says in a file what became of an edit. ``simulate`` runs all of it on a virtual clock, with
``pretend`` people.
"""
