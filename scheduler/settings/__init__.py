"""settings.toml → frozen Settings, or every problem at once, each at its line.

``settings`` are the values, ``grammar`` the shape of the file, ``words`` reads days, times and durations,
``locate`` finds the line and column of a key, ``problem`` is one thing wrong and how it is printed,
``read`` goes from a file to Settings.
"""
