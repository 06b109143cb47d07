"""Who stands where: people, what they may take, and a fair choice among them.

``person`` is someone who serves, ``seat`` what a session wants and who holds it, ``fill`` proposes people
for empty seats and a substitute after a "no", ``assignment`` is the table of states. All pure.
"""
