"""The wing that knows phones, texts and delivery, and has never heard of a shift.

``message phone text graphemes template terms consent retry batch`` are pure. ``tables`` are the tables of
this wing, with the instants of ``instant``. ``outbox`` makes the messages equal to what is wanted, ``ledger``
keeps who agreed to what, ``claims`` takes due messages at the pace that all processes share. ``carrier``
brings batches of message ids to a deliverer, ``channels`` are the ways a text leaves, and ``delivery``
commits an attempt, sends outside any transaction, and records. Functions take the caller's Connection and
never commit; only ``delivery`` opens transactions of its own.
"""
