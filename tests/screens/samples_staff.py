"""A visit of staff that stands still: words in three languages, every state a part can be in."""

from dataclasses import replace

from kiosk.contract.settings import InForce, Layer, Values
from kiosk.fault_views import fault_view
from kiosk.settings_page import SettingsView, setting_rows
from kiosk.staff_views import (
    PartRow,
    ShelfRow,
    StaffDoorView,
    StaffHomeView,
    StaffPhase,
    Tone,
)
from kiosk.steps import Step
from kiosk.views import FaultView, Looks
from tests.screens.samples import SampleVisit


class SampleStaffVisit(SampleVisit):
    """On the sign-in or the page; `phase`, `said`, `broken` and `shelved` may be set."""

    def __init__(
        self, step: Step = Step.STAFF_SIGN_IN, language: str = "zh", looks: Looks | None = None
    ) -> None:
        super().__init__(step, language, looks)
        self.phase = StaffPhase.PIN
        self.door_fault = ""
        self.broken = False
        self.said, self.busy = "", False
        self.online = True
        self.shelved = 0

    @property
    def can_go_back(self) -> bool:
        return False

    @property
    def staff_settings(self) -> SettingsView:
        layers: dict[Layer, Values] = {
            Layer.CITY: {"idle_warning": 50.0, "place.phone": "0431-12345"},
            Layer.STREET: {"place.hall": {"zh": "朝阳区南湖街道便民服务中心",
                                          "en": "Nanhu Subdistrict Service Centre"}},
            Layer.KIOSK: {"store.least_mb": 300},
        }
        rows = setting_rows(self.words, InForce(layers))
        fault = self._told("staff.setting_not_kept" if self.broken else "")
        return SettingsView(rows, self.said, fault, busy=False)

    def _told(self, code: str) -> FaultView | None:
        return fault_view(code, self.words, ()) if code else None

    @property
    def staff_door(self) -> StaffDoorView:
        digits = {StaffPhase.CODE: 10, StaffPhase.ASKING: 0}.get(self.phase, 6)
        return StaffDoorView(self.phase, self.phase is not StaffPhase.PIN, digits,
                             self._told(self.door_fault))

    @property
    def staff_home(self) -> StaffHomeView:
        words = self.words
        works, looking = words("Works"), words("Being looked at…")
        rows = [
            PartRow("id_card", words("ID card reader"), Tone.GOOD, works),
            PartRow("smartcard", words("Chip card reader"), Tone.PRIMARY, looking),
            PartRow("camera", words("Document camera"), Tone.GOOD, works,
                    words("The empty mat has not been taken yet")),
            PartRow("code_reader", words("Code reader"), Tone.GOOD, works),
            PartRow("printer", words("Receipt printer"), Tone.GOOD, works),
            PartRow("line", words("Line to the city"), Tone.GOOD, works,
                    words("Last exchange: {age}", age=words("just now"))),
            PartRow("catalog", words("Catalog of services"), Tone.GOOD, words("Up to date")),
            PartRow("outbox", words("Waiting to be sent"), Tone.GOOD,
                    words("Nothing is waiting")),
            PartRow("store", words("Memory"), Tone.GOOD, works,
                    f"{words('{size} GB free', size='92.4')} · SQLite 3.40.1"),
        ]
        if self.broken:
            paper = self._told("printer.paper_out")
            reader, line = self._told("reader.gone"), self._told("hub.unreachable")
            assert paper is not None
            assert reader is not None
            assert line is not None
            rows[0] = replace(rows[0], tone=Tone.DANGER, state=reader.sentence)
            rows[4] = replace(rows[4], tone=Tone.DANGER, state=paper.sentence)
            rows[5] = PartRow(
                "line", rows[5].name, Tone.DANGER, line.sentence,
                words("Last exchange: {age}", age=words.plural("{n} hour ago", "{n} hours ago", 2)),
            )
            old = self._told("catalog.expired")
            assert old is not None
            rows[6] = replace(rows[6], tone=Tone.CAUTION, state=old.sentence)
            rows[7] = PartRow(
                "outbox", rows[7].name, Tone.CAUTION,
                words.plural("{n} application", "{n} applications", 3),
                words("The oldest: {age}", age=words.plural("{n} hour ago", "{n} hours ago", 2)),
            )
            full = self._told("store.full")
            assert full is not None
            rows[8] = PartRow("store", words("Memory"), Tone.DANGER, full.sentence,
                              words("{size} GB free", size="0.1"))
        refused = self._told("hub.refused")
        assert refused is not None
        shelf = tuple(
            ShelfRow(f"submission-{n}", f"YM-0001-261123-004{n}-7", self.popular[n].name,
                     refused.sentence, words.plural("{n} day ago", "{n} days ago", n + 1))
            for n in range(self.shelved)
        )
        return StaffHomeView(
            name="刘洋", role=words("Technician"), until="21:05", online=self.online,
            parts=tuple(rows), shelf=shelf, said=self.said, fault=None, busy=self.busy,
            may_restart=True, has_printer=True, may_set=True, may_take_mat=True,
        )
