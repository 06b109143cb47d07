"""settings.toml → frozen Settings, or every problem at once, each at its line.

``settings`` are the values, ``read`` goes from a file to them. On the way: ``source`` turns bytes into a TOML
document; ``grammar`` is the shape of the file and ``leaves`` the values at its ends, of which ``words`` reads
days, times and durations; ``shape`` holds a document against the grammar; ``references`` finds who and what
is meant by a name; ``contradictions``, ``doubts`` and ``quiet`` look at the values together; ``calendar``
knows the holidays; ``judge`` asks all of them; ``build`` makes the frozen values.

A ``finding`` is something wrong at a key path; ``locate`` finds its line and column; a ``problem`` is what is
then printed, with the sentences of ``wording``. ``names`` folds spellings and finds the nearest.
"""
