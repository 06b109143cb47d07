"""The ways a text leaves the house, one file each.

``channel`` is what all of them promise: a parcel in, an outcome out, and never a guess. ``console`` prints
texts, for a first look and for tests. ``twilio`` hands them to Twilio; it alone imports its SDK, and
``one_post`` is the HTTP under it, with a deadline that holds.
"""
