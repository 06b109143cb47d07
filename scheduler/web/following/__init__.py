"""Residents follow: ``/follow`` asks for a number and sends a code, ``/f/{token}`` shows and stops.

``routes`` answers; ``wanted`` reads what somebody wants to follow from the board, ``door`` does all that
needs the database, ``letterbox`` takes wishes for codes, so that who asks waits for none of that. ``words``
are the fixed ones in both languages. GET changes nothing; whatever number is typed, the answer is the same.
"""
