"""The proof: things are killed, cut off and set wrong, and then the books are compared.

``ledgers`` compares four of them and names each text that is lost, doubled, unexpected or in doubt;
``hastened`` is a clock under which minutes pass in seconds, so that every wait keeps its length beside every
other. ``fleet`` starts and kills real deliverers (``deliverer`` is one), and ``trouble`` is a pretend Twilio
with bad days and the receipts that it sends. ``size`` says how much of everything: little in CI, ten thousand
kills for a release.

``test_kill`` kills whole services, ``test_random_kills`` deliverers in great number; ``test_locks`` has two
of them at one message, ``test_clocks`` sets clocks and lets machines sleep, ``test_ledgers`` tests the
checker itself.
"""
