"""The proof: things are killed, cut off and set wrong, and then the books are compared.

``ledgers`` compares four of them and names each text that is lost, doubled, unexpected or in doubt;
``hastened`` is a clock under which minutes pass in seconds, so that every wait keeps its length beside every
other. ``fleet`` starts and kills real deliverers (``deliverer`` is one), and ``trouble`` is a pretend Twilio
with bad days and the receipts that it sends. ``size`` says how much of everything: little in CI, ten thousand
kills for a release; ``tally`` is the table that stands at the end of a run.

``tracer`` stops a process before each of its system calls. ``life`` is what a deliverer does from plan to
receipt, ``attacks`` what befalls it at one of its calls, ``power`` what a power cut leaves of its files, and
``small_disk`` a disk that fills up; ``sweeper`` tries them one after another. ``test_sweep`` says that the
books agree after each.

``test_kill`` kills whole services, ``test_machines`` those that share a PostgreSQL, ``test_random_kills``
deliverers in great number; ``test_provider`` has bad days in volume, ``test_postgresql_away`` a server that
is stopped. ``test_locks`` has two processes at one message, ``test_fences`` some with yesterday's news;
``test_clocks`` sets clocks and lets machines sleep, ``test_running_edits`` and ``test_mutated_settings``
spoil settings. ``test_ledgers`` tests the checker, and ``test_planted`` all of the tests: it plants the bugs
of ``planted``, and each must be caught.
"""
