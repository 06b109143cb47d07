"""Commands: parse, call one use case, print.

``main`` is the group and the way errors end; ``asked`` holds what all commands share. ``settings_file`` has
check, plan and apply, ``service`` serve and simulate, ``lists`` sessions, roster and available, ``messages``
the outbox, ``people`` the lists of people, ``residents`` follow and unfollow, ``answers`` confirm and
decline, ``texts`` texts, ``poster`` the notice of a place, ``move`` brings all to another database. Each
command imports what it needs when it runs: starting costs little.
"""
