"""What applying the settings would change.

``desk`` is all that the settings say of the duty desk, ``rename`` pairs what vanished with what appeared,
``changes`` compares wanted sessions with stored ones: added, moved, cancelled. All pure.
"""
