"""The staff's page in words: each part of the kiosk, and the shelf of stuck submissions."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from kiosk.condition import Known, oldest
from kiosk.contract.options import Devices
from kiosk.desk_mat import MatState
from kiosk.fault_views import fault_view
from kiosk.published_catalog import CatalogState
from kiosk.staff_views import PartRow, ShelfRow, Tone
from kiosk.words import Words
from offline_store.outbox import OutboxItem

LONG_WAIT = 15 * 60.0
"""Seconds a submission may wait for the line before its row asks for attention."""


def part_rows(
    words: Words,
    devices: Devices,
    known: Known,
    code_reader: bool | None,
    last_contact: datetime | None,
    catalog: CatalogState,
    now: datetime,
) -> tuple[PartRow, ...]:
    """Every part this kiosk has, in the order staff look after them."""
    rows = [
        _row(words, part, name, known.readers.get(part), "reader.gone")
        for part, name, plugged in (
            ("id_card", words("ID card reader"), bool(devices.id_card)),
            ("smartcard", words("Chip card reader"), devices.smartcard),
        )
        if plugged
    ]
    if devices.camera:
        rows.append(_camera(words, known))
    if devices.code_reader:
        rows.append(_row(words, "code_reader", words("Code reader"), code_reader, "reader.gone"))
    if devices.printer:
        rows.append(_printer(words, known))
    if devices.page_printer:
        rows.append(_asked(words, "page_printer", words("Page printer"), known.pages_looked,
                           known.pages_fault))
    rows += [_line(words, known, last_contact, now), _catalog(words, catalog),
             _outbox(words, known, now)]
    return tuple(rows)


def shelf_rows(words: Words, shelf: Sequence[OutboxItem], now: datetime) -> tuple[ShelfRow, ...]:
    """What the hub refused for good: number, service and reason, nothing about a person."""
    return tuple(
        ShelfRow(
            submission_id=item.submission_id,
            number=item.receipt_number,
            service=words.pick(item.service_name),
            reason=fault_view(item.last_error or "unexpected", words).sentence,
            since=_age(words, datetime.fromisoformat(item.created), now),
        )
        for item in shelf
    )


def _row(words: Words, part: str, name: str, works: bool | None, fault: str) -> PartRow:
    if works is None:
        return PartRow(part, name, Tone.PRIMARY, words("Being looked at…"))
    if works:
        return PartRow(part, name, Tone.GOOD, words("Works"))
    return PartRow(part, name, Tone.DANGER, fault_view(fault, words).sentence)


def _camera(words: Words, known: Known) -> PartRow:
    row = _row(words, "camera", words("Document camera"), known.camera, "camera.gone")
    if not known.camera:
        return row
    if known.mat is MatState.ASIDE:
        return replace(row, tone=Tone.CAUTION,
                       state=words("The empty mat looks different now: please take it again"))
    if known.mat is None:
        return row
    taken = known.mat is MatState.FITS
    return replace(row, note=words("The empty mat is known") if taken
                   else words("The empty mat has not been taken yet"))


def _printer(words: Words, known: Known) -> PartRow:
    name, left = words("Receipt printer"), known.receipts_left
    note = ""
    if left is not None:
        note = words.plural("about {n} receipt left", "about {n} receipts left", left)
    if known.printer_looked and known.printer_fault is None and left is not None:
        return PartRow("printer", name, Tone.CAUTION, words("The paper will soon end"), note)
    return _asked(words, "printer", name, known.printer_looked, known.printer_fault)


def _asked(
    words: Words, part: str, name: str, looked: bool, fault: str | None
) -> PartRow:
    if not looked:
        return PartRow(part, name, Tone.PRIMARY, words("Being looked at…"))
    if fault is None:
        return PartRow(part, name, Tone.GOOD, words("Works"))
    return PartRow(part, name, Tone.DANGER, fault_view(fault, words).sentence)


def _line(
    words: Words, known: Known, last_contact: datetime | None, now: datetime
) -> PartRow:
    name = words("Line to the city")
    note = ""
    if last_contact is not None:
        note = words("Last exchange: {age}", age=_age(words, last_contact, now))
    if known.line_fault is not None:
        sentence = fault_view(known.line_fault, words).sentence
        return PartRow("line", name, Tone.DANGER, sentence, note)
    if known.line_ms is None:
        return PartRow("line", name, Tone.PRIMARY, words("Being looked at…"), note)
    return PartRow("line", name, Tone.GOOD, words("Works"), note)


def _catalog(words: Words, catalog: CatalogState) -> PartRow:
    name, note = words("Catalog of services"), ""
    if catalog.next_from is not None:
        note = words("The next one counts from {date}", date=words.date(catalog.next_from))
    if catalog.fault is not None:
        sentence = fault_view(catalog.fault, words).sentence
        return PartRow("catalog", name, Tone.CAUTION, sentence, note)
    return PartRow("catalog", name, Tone.GOOD, words("Up to date"), note)


def _outbox(words: Words, known: Known, now: datetime) -> PartRow:
    name = words("Waiting to be sent")
    if known.waiting is None:
        return PartRow("outbox", name, Tone.PRIMARY, words("Being looked at…"))
    first = oldest(known.waiting)
    if first is None:
        return PartRow("outbox", name, Tone.GOOD, words("Nothing is waiting"))
    long = (now - first).total_seconds() > LONG_WAIT
    count = words.plural("{n} application", "{n} applications", len(known.waiting))
    return PartRow(
        "outbox", name, Tone.CAUTION if long else Tone.PRIMARY, count,
        words("The oldest: {age}", age=_age(words, first, now)),
    )


def _age(words: Words, since: datetime, now: datetime) -> str:
    seconds = max(0.0, (now - since).total_seconds())
    steps: tuple[tuple[float, Callable[[int], str]], ...] = (
        (86400, lambda n: words.plural("{n} day ago", "{n} days ago", n)),
        (3600, lambda n: words.plural("{n} hour ago", "{n} hours ago", n)),
        (60, lambda n: words.plural("{n} minute ago", "{n} minutes ago", n)),
    )
    for size, said in steps:
        if seconds >= size:
            return said(int(seconds // size))
    return words("just now")
