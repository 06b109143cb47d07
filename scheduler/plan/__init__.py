"""What applying the settings would change.

``desk`` is all that the settings say of the duty desk, ``wanted`` the sessions that it asks for, ``rename``
pairs what vanished with what appeared, ``changes`` compares wanted sessions with stored ones: added, moved,
cancelled. ``affected`` is whom an edit concerns, ``longest`` each text with the longest names (``extremes``
of all), ``together`` those that say several things, ``forms`` each form of it for those who register texts.
All pure.
"""
