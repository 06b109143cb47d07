"""settings.toml → frozen Settings, or every problem at once, each at its line.

``settings`` are the values, ``read`` goes from a file to them, and from all it includes. ``summary`` says
what they mean, and ``rehearsal`` that only some are texted.

The files: an ``origin`` is where they come from, ``folder`` the one on the disk, ``bundle`` the one text
that is stored of them; a ``part`` is one file read by itself, kept on a ``shelf`` for as long as it stays the
same; ``whole`` takes the parts together; ``attempt`` reads all of them once, and finds what stands when some
are frozen; ``trial`` does that in another process first; ``watch`` notices edits.

One file: ``source`` turns bytes into a TOML document; ``grammar`` is the shape of the file and ``leaves`` the
values at its ends, of which ``words`` reads days, times and durations; ``shape`` holds a document against the
grammar; ``sheet`` turns a spreadsheet into rows, by ``excel`` where it is a workbook and by ``old_letters``
where it is older than Unicode, and ``people_list`` the rows into people, by their ``columns``; ``own_text``
is a text in the administrator's words.

All together: ``references`` finds who and what is meant by a name; ``contradictions``, ``validity``,
``doubts``, ``quiet``, ``pace``, ``fitting`` and ``misreadings`` look at the values together; ``calendar``
knows the holidays, ``homographs`` the words that are others without accents; ``judge`` asks all of them;
``build`` makes the frozen values.

A list is taken in by ``importing``, which makes two of them one by ``merge``; ``people_form`` writes it as
clerks fill it in, in a ``workbook``.

What may be written is told to editors by ``schema``, in the words of ``keys`` and the patterns of ``forms``.

A ``finding`` is something wrong at a key path; ``locate`` finds its line and column; a ``problem`` is what is
then printed, with the sentences of ``wording``, ``wording_of_lists`` and ``wording_of_texts``. ``names``
folds spellings and finds the nearest.
"""
