"""The wing that knows phones, texts and delivery, and has never heard of a shift.

``message phone text template terms consent`` are pure. ``channels`` are the ways a text leaves, ``carrier``
brings batches of message ids to a deliverer, ``outbox`` is the table and its claims, and ``delivery`` is
claim → send outside any transaction → record. Functions take the caller's Connection and never commit;
only ``delivery`` opens transactions of its own.
"""
