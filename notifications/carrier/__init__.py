"""How batches of message ids reach a deliverer; ``carrier`` is what both ways promise.

``in_process`` carries them to threads of this process. With PostgreSQL, ``procrastinate`` carries them to any
machine. The deliverer is the same.
"""
