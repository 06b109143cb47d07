"""How batches of message ids reach a deliverer.

``in_process`` carries them to threads of this process. With PostgreSQL and many machines another carrier
takes its place; the deliverer stays the same.
"""
