"""Who stands where: people, what they may take, and the best roster that there is.

``person`` is someone who serves, ``vacancy`` what a session wants and what people already give, ``rules``
what holds for everyone, ``assignment`` the table of states. ``post`` is a session in figures, ``load`` what
each gives and may not, ``presence`` who can come when, ``fairness`` what each should give, ``cost`` what a
roster costs. ``draft`` is a roster in the making, ``greedy`` its start; ``programme`` is part of it as a
``model``: in a ``pool`` are vacancies alike to somebody, a ``burden`` is what one person may give, which
``tightening`` makes close. ``solver`` alone knows HiGHS, and ``improve`` puts its answer into the draft.
``part`` fills what fits into few models, ``fill`` everything, and moves people for what stays empty.
``wave`` says how many are asked when time is short. ``offer`` is the table of states of shifts that
somebody would hand on, ``taker`` says who may take one. All pure.
"""
