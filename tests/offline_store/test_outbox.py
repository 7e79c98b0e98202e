import json

import pytest

from offline_store import Store, StoreError
from offline_store.parts import PART_SIZE
from tests.offline_store.samples import submission

RECEIPT = json.dumps({"document": {"case_number": "CC-2026-1"}, "signature": "x"}).encode()


def test_a_committed_submission_waits_with_an_owed_receipt(store: Store) -> None:
    store.outbox.commit(submission("a"))
    (item,) = store.outbox.waiting()
    assert (item.submission_id, item.receipt_number, item.size) == ("submission-a", "YM-a", 12)
    assert (item.state, item.attempts, item.next_attempt) == ("waiting", 0, 0)
    (owed,) = store.outbox.receipts_owed()
    assert (owed.number, owed.printed, owed.case_number) == ("YM-a", False, None)
    assert owed.service_name == {"zh": "参保证明", "en": "Certificate", "ko": "증명"}


@pytest.mark.parametrize("size", [0, 1, PART_SIZE - 1, PART_SIZE, PART_SIZE + 1, 3 * PART_SIZE])
def test_sealed_bytes_come_back_whole_across_row_borders(store: Store, size: int) -> None:
    sealed = bytes(n % 251 for n in range(size))
    store.outbox.commit(submission("a", sealed))
    assert store.outbox.read("submission-a", 0, size + 5) == sealed
    for offset in {0, max(0, size - 1), PART_SIZE - 1, PART_SIZE, PART_SIZE + 1}:
        for length in (0, 1, 2, PART_SIZE, PART_SIZE + 1):
            assert (
                store.outbox.read("submission-a", offset, length)
                == (sealed[offset : offset + length])
            )


def test_the_same_commit_again_changes_nothing(store: Store) -> None:
    store.outbox.commit(submission("a"))
    head = store.audit.head()
    store.outbox.commit(submission("a"))
    assert len(store.outbox.waiting()) == 1
    assert store.audit.head() == head


def test_the_same_id_with_other_bytes_is_a_conflict(store: Store) -> None:
    store.outbox.commit(submission("a"))
    with pytest.raises(StoreError) as refused:
        store.outbox.commit(submission("a", b"other"))
    assert refused.value.code == "store.conflict"
    assert store.outbox.read("submission-a", 0, 99) == b"sealed bytes"


def test_progress_is_kept_in_the_submissions_lane_only(store: Store) -> None:
    for name in ("a", "b"):
        store.outbox.commit(submission(name))
    store.outbox.announced("submission-a", "https://hub/v1/uploads/u", 99.0)
    store.outbox.attempted("submission-a", "hub.unreachable", 1234.5)
    first, second = store.outbox.waiting()
    assert (first.upload_url, first.upload_expires) == ("https://hub/v1/uploads/u", 99.0)
    assert (first.attempts, first.last_error, first.next_attempt) == (1, "hub.unreachable", 1234.5)
    assert (second.upload_url, second.attempts, second.last_error) == (None, 0, None)


def test_a_shelved_item_leaves_the_queue_and_comes_back_when_retried(store: Store) -> None:
    store.outbox.commit(submission("a"))
    store.outbox.shelved("submission-a", "hub.refused")
    assert store.outbox.waiting() == []
    assert [item.last_error for item in store.outbox.shelf()] == ["hub.refused"]
    receipt = store.outbox.find_receipt("YM-a")
    assert receipt is not None
    assert receipt.state == "shelved"
    store.outbox.retried("submission-a")
    assert [item.submission_id for item in store.outbox.waiting()] == ["submission-a"]


def test_confirming_deletes_the_bytes_and_keeps_the_signed_receipt(store: Store) -> None:
    store.outbox.commit(submission("a", bytes(PART_SIZE * 2)))
    store.outbox.confirmed("submission-a", RECEIPT)
    assert store.outbox.waiting() == []
    assert store.outbox.read("submission-a", 0, 99) == b""
    assert store.outbox.signed_receipt("submission-a") == RECEIPT
    receipt = store.outbox.find_receipt("YM-a")
    assert receipt is not None
    assert (receipt.state, receipt.case_number, receipt.printed) == (
        "confirmed",
        "CC-2026-1",
        False,
    )
    head = store.audit.head()
    store.outbox.confirmed("submission-a", b"{}")
    store.outbox.shelved("submission-a", "late.fault")
    assert store.outbox.signed_receipt("submission-a") == RECEIPT
    assert store.outbox.item("submission-a").state == "confirmed"
    assert store.audit.head() == head


def test_a_printed_receipt_is_no_longer_owed(store: Store) -> None:
    for name in ("a", "b", "c"):
        store.outbox.commit(submission(name))
    store.outbox.receipt_printed("YM-b")
    store.outbox.receipt_printed("YM-b")
    assert [row.number for row in store.outbox.receipts_owed()] == ["YM-a", "YM-c"]
    owed = store.outbox.receipts_owed(["submission-b", "submission-c"])
    assert [row.number for row in owed] == ["YM-c"]
    assert store.audit.head()[0] == 4


def test_unknown_names_are_refused_by_every_method(store: Store) -> None:
    outbox = store.outbox
    for call in (
        lambda: outbox.read("none", 0, 1),
        lambda: outbox.item("none"),
        lambda: outbox.announced("none", "u", None),
        lambda: outbox.attempted("none", None, 0),
        lambda: outbox.shelved("none", "x"),
        lambda: outbox.retried("none"),
        lambda: outbox.confirmed("none", b"{}"),
        lambda: outbox.signed_receipt("none"),
        lambda: outbox.receipt_printed("none"),
    ):
        with pytest.raises(StoreError) as refused:
            call()
        assert refused.value.code == "store.unknown"
    assert outbox.find_receipt("none") is None


def test_receipt_sequences_count_from_one_each_day(store: Store) -> None:
    take = store.outbox.next_receipt_sequence
    assert [take("20261123"), take("20261123"), take("20261124"), take("20261123")] == [1, 2, 1, 3]
