"""What must be said to whom at which instant, and in which words.

``lead`` is how long before a session, ``case`` what is known of one, ``reminder`` one thing to be said,
``decide`` derives all reminders of a case, ``wording`` turns each into a text, ``several`` some into one,
``quiet`` keeps instants out of the night. ``answering`` says how to answer a text, ``reading`` reads what
somebody texted, ``refusal`` knows who wants no more texts, and ``replying`` decides what a text does.
``texts`` holds the templates, one file a text, and ``vocabulary`` says what each may name. All pure.
"""
