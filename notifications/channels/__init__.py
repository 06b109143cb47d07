"""The ways a text leaves the house, one file each.

``channel`` is what all of them promise: a parcel in, an outcome out, and never a guess. ``console`` prints
texts, for a first look and for tests.

``twilio`` hands them to Twilio, looks them up there and knows its calls from others'; it alone imports its
SDK. ``twilio_account`` is our account there, ``twilio_codes`` what its error codes and statuses mean (the
codes in a file beside it), ``twilio_form`` what it tells us unasked.

``android`` hands them to a SIM in a phone; ``android_state`` is what its words mean, ``android_event`` what
it tells us unasked.

``one_post`` is the HTTP under both, with a deadline that holds; ``credential`` reads their secrets.
"""
