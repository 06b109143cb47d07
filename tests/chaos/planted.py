"""Bugs to plant: small changes that somebody could make in good faith, each with the test that must fail."""

from dataclasses import dataclass

TESTS = "tests/integration"


@dataclass(frozen=True, slots=True)
class Bug:
    """In `file`, which has `right` exactly once, stands `wrong` instead; `test` must notice."""

    file: str
    right: str
    wrong: str
    test: str


BUGS: dict[str, Bug] = {
    "what was begun is marked as sent first": Bug(
        "notifications/attempts.py",
        "        state=State.SENDING,\n",
        "        state=State.SENT,\n",
        f"{TESTS}/test_delivery.py::test_a_killed_deliverer_leaves_its_text_in_doubt[sqlite]",
    ),
    "the channel is called before the attempt is committed": Bug(
        "notifications/delivery.py",
        "            return known or begin_attempts(connection, ids, flight.claimed_under, group, now)\n",
        "            begun = begin_attempts(connection, ids, flight.claimed_under, group, now)\n"
        "            for one in begun:\n"
        "                self._channel.hand(one.parcel)\n"
        "            return begun\n",
        f"{TESTS}/test_delivery.py::test_the_attempt_is_committed_before_the_channel_is_called[sqlite]",
    ),
    "an attempt that was taken back still writes": Bug(
        "notifications/attempts.py",
        "            messages.c.reference == ended.reference,\n",
        "",
        "tests/chaos/test_fences.py::test_the_answer_to_an_earlier_attempt_does_not_end_a_later_one[sqlite]",
    ),
    "an old batch begins what another has claimed": Bug(
        "notifications/attempts.py",
        '    messages.c.reference == bindparam("claimed_under"),\n',
        "",
        "tests/chaos/test_fences.py::test_a_batch_whose_lease_ran_out_begins_nothing[sqlite]",
    ),
    "a look-up decides about another attempt": Bug(
        "notifications/lookups.py",
        "    if row is None or row.reference != inquiry.reference:\n",
        "    if row is None:\n",
        "tests/chaos/test_fences.py::test_a_look_up_of_an_earlier_attempt_decides_nothing[sqlite]",
    ),
    "recovery takes back what was begun anew": Bug(
        "notifications/recovery.py",
        "            messages.c.reference == row.reference,\n",
        "",
        "tests/chaos/test_fences.py::test_recovery_leaves_alone_what_was_begun_anew",
    ),
    "claims of the living are taken back": Bug(
        "notifications/recovery.py",
        "else messages.c.lease_until <= now\n",
        "else messages.c.reference.is_not(None)\n",
        f"{TESTS}/test_claims.py::test_leases_that_ran_out_are_taken_back[sqlite]",
    ),
    "leases are never swept": Bug(
        "notifications/recovery.py",
        "else messages.c.lease_until <= now\n",
        "else messages.c.id < 0\n",
        f"{TESTS}/test_claims.py::test_leases_that_ran_out_are_taken_back[sqlite]",
    ),
    "a 500 is simply tried again": Bug(
        "notifications/channels/twilio.py",
        'return InDoubt("provider_error", "Twilio failed while it took the text; it may have gone out.")',
        'return NotSent(Fault.TRANSIENT, "provider_error", "again")',
        f"{TESTS}/test_twilio_channel.py::test_what_may_have_gone_out_is_in_doubt_and_not_repeated",
    ),
    "a lost answer is simply tried again": Bug(
        "notifications/channels/twilio.py",
        'return InDoubt("no_answer", "Twilio did not answer; the text may have gone out.")',
        'return NotSent(Fault.TRANSIENT, "no_answer", "again")',
        f"{TESTS}/test_twilio_channel.py::test_what_may_have_gone_out_is_in_doubt_and_not_repeated",
    ),
    "an answer that nobody can read counts as a refusal": Bug(
        "notifications/channels/twilio.py",
        "            return _UNREADABLE_ANSWER if post.answer else _UNWRITABLE\n",
        "            return _UNWRITABLE\n",
        f"{TESTS}/test_twilio_channel.py::test_what_may_have_gone_out_is_in_doubt_and_not_repeated",
    ),
    "the first look-up comes at once": Bug(
        "notifications/doubt.py",
        "BEFORE_FIRST = timedelta(minutes=2)",
        "BEFORE_FIRST = timedelta(seconds=2)",
        "tests/unit/notifications/test_doubt.py::test_the_first_look_up_waits_for_slow_providers",
    ),
    "one look-up that finds nothing is enough": Bug(
        "notifications/doubt.py",
        "MISSES = 2",
        "MISSES = 1",
        f"{TESTS}/test_doubts.py::test_two_misses_send_a_duty_text_once_more[sqlite]",
    ),
    "a look-up takes another text for its own": Bug(
        "notifications/doubt.py",
        "if trace.provider_id not in taken_ids and (",
        "if (",
        f"{TESTS}/test_doubts.py::test_two_texts_with_the_same_words_are_not_taken_for_one[sqlite]",
    ),
    "no word counts as nothing found": Bug(
        "notifications/doubt.py",
        "        return LeaveIt() if now >= doubt.since + ASKED_FOR"
        " else AskAgain(now + AFTER_NO_WORD, doubt.misses)\n",
        "        found = ()\n",
        f"{TESTS}/test_doubts.py::test_while_nobody_answers_it_stays_in_doubt[sqlite]",
    ),
    "a doubt is resent again and again": Bug(
        "notifications/doubt.py",
        " and not doubt.resent and",
        " and",
        f"{TESTS}/test_doubts.py::test_a_second_doubt_is_not_sent_a_third_time[sqlite]",
    ),
    "of a doubt that stays nobody is told": Bug(
        "notifications/lookups.py",
        "            add_outcome(connection, OutcomeKind.IN_DOUBT, message_id, now, sentence=row.reason)\n",
        "",
        f"{TESTS}/test_doubts.py::test_a_second_doubt_is_not_sent_a_third_time[sqlite]",
    ),
    "receipts go back": Bug(
        "notifications/receipt.py",
        "    return max((rank for rank in (known, told) if rank is not None), default=None)\n",
        "    return told or known\n",
        "tests/unit/notifications/test_receipt.py::test_nothing_goes_back",
    ),
    "a receipt that outruns the answer is lost": Bug(
        "notifications/receipts.py",
        "    if receipt.rank is not None:\n",
        "    if receipt.rank is not None and row.state != State.SENDING:\n",
        f"{TESTS}/test_receipts.py::test_an_early_receipt_is_the_answer_that_is_still_awaited[sqlite]",
    ),
    "what a provider tells twice is worked off twice": Bug(
        "notifications/inbox.py",
        "        key=arrival.key,\n",
        "        key=f'{arrival.key} {arrival.at}',\n",
        "tests/chaos/test_fences.py::test_what_a_provider_tells_twice_is_stored_once[sqlite]",
    ),
    "a key may stand in the outbox twice": Bug(
        "notifications/outbox.py",
        "        there = set(connection.scalars(select(messages.c.key).where(messages.c.key.in_(keys))))\n",
        "        there: set[str] = set()\n",
        f"{TESTS}/test_outbox.py::test_what_is_put_twice_is_there_once_as_it_was_first[sqlite]",
    ),
    "consent is not looked at": Bug(
        "notifications/claims.py",
        "        if not may_text(row.purpose, consent):\n",
        "        if False:\n",
        f"{TESTS}/test_claims.py::test_nobody_is_texted_against_their_will",
    ),
    "numbers that take no texts are texted": Bug(
        "notifications/claims.py",
        "        if is_spoiled:\n",
        "        if False:\n",
        f"{TESTS}/test_receipts.py::test_a_number_that_takes_no_texts_is_marked[sqlite]",
    ),
    "a rehearsal texts everybody": Bug(
        "notifications/claims.py",
        "        if terms.only_to and row.phone not in terms.only_to:\n",
        "        if False:\n",
        f"{TESTS}/test_claims.py::test_in_a_rehearsal_only_the_list_is_texted[sqlite]",
    ),
    "quiet hours are not kept": Bug(
        "notifications/claims.py",
        "        if terms.quiet and not row.urgent:\n",
        "        if False:\n",
        f"{TESTS}/test_claims.py::test_quiet_hours_push_to_their_end",
    ),
    "the daily cap is not kept": Bug(
        "notifications/claims.py",
        "        if self._cap.is_reached(row.audience):\n",
        "        if False:\n",
        f"{TESTS}/test_claims.py::test_the_daily_cap_pushes_past_midnight",
    ),
    "what has expired is begun": Bug(
        "notifications/attempts.py",
        "    messages.c.expires_at > _NOW,\n",
        "",
        f"{TESTS}/test_delivery.py::test_what_expires_before_its_turn_is_not_handed_over[sqlite]",
    ),
    "what comes too late is claimed": Bug(
        "notifications/claims.py",
        "    expire(connection, now)\n",
        "",
        f"{TESTS}/test_claims.py::test_what_comes_too_late_expires_at_the_claim[sqlite]",
    ),
    "the pace is read and not locked": Bug(
        "notifications/claims.py",
        "where(pace.c.id == SHARED).with_for_update()\n",
        "where(pace.c.id == SHARED)\n",
        "tests/chaos/test_fences.py::test_two_claimers_at_once_keep_one_pace",
    ),
    "a pace from a fast clock silences the right one": Bug(
        "notifications/claims.py",
        "    return free_at if free_at <= furthest else now\n",
        "    return free_at\n",
        "tests/chaos/test_clocks.py::test_a_clock_that_was_fast_silences_nobody_when_it_is_set_right[sqlite]",
    ),
    "a halted queue goes on": Bug(
        "notifications/claims.py",
        "    if trial is False:\n",
        "    if False:\n",
        f"{TESTS}/test_halts.py::test_a_halted_channel_claims_nothing_until_it_is_probed[sqlite]",
    ),
    "who overslept calls all the same": Bug(
        "notifications/delivery.py",
        " or self._clock() >= parcel.at + LEASE:\n",
        ":\n",
        "tests/chaos/test_clocks.py::test_who_overslept_between_attempt_and_call_does_not_call",
    ),
    "the attempt is taken before its message": Bug(
        "notifications/attempts.py",
        "    row = connection.execute(\n        select(messages)\n        .where(\n"
        "            messages.c.id == ended.message_id,\n",
        "    _close(connection, ended.reference, outcome, now)\n"
        "    row = connection.execute(\n        select(messages)\n        .where(\n"
        "            messages.c.id == ended.message_id,\n",
        "tests/chaos/test_locks.py::test_what_is_recorded_waits_for_who_holds_the_message[a refusal]",
    ),
    "any clock will do": Bug(
        "scheduler/clock.py",
        "    if FIRST <= now < LAST:\n",
        "    if now:\n",
        "tests/chaos/test_clocks.py::test_a_running_service_does_nothing_by_an_impossible_clock",
    ),
    "SQLite does not wait for the disk": Bug(
        "scheduler/store/database.py",
        '    connection.execute("PRAGMA synchronous = FULL")\n',
        '    connection.execute("PRAGMA synchronous = NORMAL")\n',
        f"{TESTS}/test_store_database.py::test_a_power_cut_loses_no_acknowledged_text",
    ),
    "SQLite does not wait for the disk, and nobody asks": Bug(
        "scheduler/store/database.py",
        '    connection.execute("PRAGMA synchronous = FULL")\n'
        '    synchronous = connection.execute("PRAGMA synchronous").fetchone()[0]\n'
        '    if (journal, synchronous) != ("wal", 2):\n',
        '    connection.execute("PRAGMA synchronous = NORMAL")\n'
        '    synchronous = connection.execute("PRAGMA synchronous").fetchone()[0]\n'
        '    if (journal, synchronous) != ("wal", 1):\n',
        "tests/chaos/test_sweep.py::test_a_power_cut_loses_no_acknowledged_row",
    ),
    "two services serve one file": Bug(
        "scheduler/app.py",
        "    lock = ServiceLock(database.file) if database.file else None\n",
        "    lock: ServiceLock | None = None\n",
        "tests/chaos/test_kill.py::test_a_second_service_on_one_database_is_refused",
    ),
}
