"""Who stands where: people, what they may take, and a fair choice among them.

``person`` is someone who serves, ``vacancy`` what a session wants and what people already give, ``fill``
proposes people for what is empty, also after a "no", ``assignment`` is the table of states. ``offer`` is
that of shifts that somebody would hand on, ``taker`` who may take one. All pure.
"""
