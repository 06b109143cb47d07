"""The wing that knows phones, texts and delivery, and has never heard of a shift.

Pure are ``message`` (the states), ``receipt`` (ranks), ``fault`` (classes, and what is done about each),
``doubt`` (what follows from a look-up), ``outcome``, ``arrival``, ``batch``, ``consent``, ``phone``,
``retry``, ``template``, ``terms``, ``text`` and ``graphemes``.

A message's way: ``outbox`` makes the rows equal to what is wanted; ``claims`` takes due ones at the pace that
all processes share, within the ``cap`` and an audience's own ``rates``, and the month's promise
(``monthly``), past consents (``ledger``), bad ``numbers`` and ``halts``; ``carrier`` brings batches of ids to
``delivery``, which commits ``attempts``, lets its ``hands`` call one of the ``channels`` outside any
transaction, and records (what was taken, as nearly all is: ``acceptance``). What providers tell us lies in
the ``inbox``; ``reading`` works it off into ``receipts`` and replies. ``lookups`` settle what is in doubt,
``forgetting`` has providers erase old words, ``recovery`` takes back claims whose deliverer is gone,
``joint`` lets one text say what several would have. ``outcomes`` are rows that whoever wanted the messages
reads, and the ``trail`` is for people. ``erasure`` shows and erases what is held of a number. ``tables``,
``bulk`` (many rows at once), ``instant`` and ``outage`` (which faults of the database pass) are below all of
it.

Functions take the caller's Connection and never commit; only ``delivery`` opens transactions of its own.
"""
