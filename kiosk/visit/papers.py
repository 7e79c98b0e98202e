"""The papers to bring: which are there, and scanning one."""

from collections.abc import Callable

import numpy as np

from devices.vision.pages import for_turning
from kiosk.application import KeptPage
from kiosk.rooms import Rooms
from kiosk.scanning import CameraSource, Captured, Scanning, kept
from kiosk.steps import Step
from kiosk.views import CapturedView, LiveView, MaterialView
from kiosk.visit.core import VisitCore


class Papers(VisitCore):
    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        super().__init__(rooms, over)
        self._material_id = ""
        self._scanning: Scanning | None = None
        self._captured: Captured | None = None
        self._scan_fault: str | None = None

    @property
    def materials(self) -> tuple[MaterialView, ...]:
        return self._app.material_views(self.words)

    @property
    def material(self) -> MaterialView:
        return next(view for view in self.materials if view.id == self._material_id)

    def scan_material(self, material_id: str) -> None:
        """Open the camera for one material; the next page kept of a full one replaces all."""
        self._need(Step.MATERIAL)
        if self._rooms.camera is None:
            self._fail_step("camera.gone")
            return
        self._material_id = material_id
        self._open_camera(self._rooms.camera)
        self._go(Step.SCAN)

    def _open_camera(self, camera: Callable[[], CameraSource]) -> None:
        self._captured, self._scan_fault = None, None
        self._scanning = Scanning(
            camera(), self._rooms.workers, self._has_captured, self._scan_failed,
            self._rooms.desk_mat,
        )

    def live(self) -> LiveView:
        """The newest picture; called once a frame, cheap."""
        seen = self._scanning.seen if self._scanning is not None else None
        fault = None if self._scan_fault is None else self._view(self._scan_fault)
        if seen is None:
            starting = self.words("One moment, the camera is starting…")
            return LiveView(None, -1, None, starting, fault, 0.0)
        height, width = seen.frame.image.shape[:2]
        corners = None
        if seen.quad is not None:
            corners = tuple((float(x) / width, float(y) / height) for x, y in seen.quad.corners)
        if seen.code is not None:
            advice = self._view(seen.code).way_on
        elif seen.steady < 1.0:
            advice = self.words("Hold still, the picture is taken by itself…")
        else:
            advice = self.words("Thank you, the picture is taken.")
        return LiveView(
            seen.frame.image[..., ::-1], seen.frame.number, corners, advice, fault, seen.steady
        )

    def capture(self) -> None:
        """Take the picture now, by hand."""
        self._need(Step.SCAN)
        self._scan_fault = None
        if self._scanning is not None and self._captured is None:
            self._scanning.capture()

    @property
    def captured(self) -> CapturedView | None:
        if self._captured is None:
            return None
        code = self._captured.code
        return CapturedView(
            self._captured.image[..., ::-1], None if code is None else self._view(code)
        )

    def retake(self) -> None:
        self._need(Step.SCAN)
        self._captured, self._scan_fault = None, None
        if self._scanning is not None:
            self._scanning.resume()
        self._since = self._now()
        self._changed()

    @property
    def more_pages(self) -> bool:
        """Whether another page may follow the one that was taken, unless the material names it."""
        material = self.material
        return not material.next_side and material.pages + 1 < material.pages_max

    def keep(self) -> None:
        """Take the page into the application (a poor one too, when the person insists). The camera
        stays open for the side that the material names next."""
        self._keep(another=False)

    def keep_and_go_on(self) -> None:
        """Take the page, and the next one of the same paper."""
        self._keep(another=True)

    def _keep(self, another: bool) -> None:
        self._need(Step.SCAN)
        captured, scanning = self._captured, self._scanning
        if captured is None or scanning is None:
            return
        image = captured.image
        self._rooms.workers.submit(
            "vision", lambda: kept(image),
            lambda page: self._page_kept(page, captured, scanning, another),
            lambda _: self._scan_failed("unexpected"),
        )

    def _page_kept(
        self, page: KeptPage, captured: Captured, scanning: Scanning, another: bool
    ) -> None:
        """Of this very page: after a double touch another one may be under the camera."""
        if self.step is not Step.SCAN or captured is not self._captured:
            return
        if self.material.pages >= self.material.pages_max:
            self._app.drop_pages(self._material_id)
        self._app.keep_page(self._material_id, page)
        if self.material.next_side or (another and self.material.pages < self.material.pages_max):
            self._captured, self._scan_fault = None, None
            scanning.resume(next_page=True)
            self._since = self._now()
            self._changed()
        else:
            self._close_scanning()
            self._go(Step.MATERIAL)

    def _has_captured(self, captured: Captured) -> None:
        self._captured = captured
        self._changed()
        self._turn_upright(captured)

    def _turn_upright(self, captured: Captured) -> None:
        """A page that lay upside down is turned without a word, where a text reader can tell."""
        reader, image = self._rooms.text_reader, captured.image
        if reader is None or captured.code is not None:
            return

        def turned(degrees: int | None) -> None:
            if degrees == 180 and captured is self._captured:
                upright = np.ascontiguousarray(image[::-1, ::-1])
                self._captured = Captured(upright, captured.code)
                self._changed()

        # A reader that cannot say leaves the page as it lay.
        self._rooms.workers.submit(
            "ocr", lambda: reader.turned(for_turning(image)), turned, lambda _: None
        )

    def _scan_failed(self, code: str) -> None:
        self._scan_fault = code
        self._changed()

    def _next_material(self) -> None:
        if self._app.missing_material() is None:
            self._go(Step.REVIEW if self._app.strokes else Step.SIGN)
        else:
            self._fail_step("material.missing")

    def _tick_scan(self) -> None:
        scanning = self._scanning
        if scanning is None or self._captured is not None:
            return
        seen = scanning.seen
        fault = self._scan_fault
        waited = self._now() - self._since
        if scanning.camera_gone:
            fault = "camera.gone"
        elif seen is not None and (
            fault == "camera.gone" or (fault == "page.absent" and seen.quad is not None)
        ):
            fault = None
        elif (
            seen is not None and seen.quad is None and fault is None
            and waited > self._rooms.timings.page_wait_hint
        ):
            fault = "page.absent"
        if fault != self._scan_fault:
            self._scan_failed(fault) if fault else self._scan_cleared()
        if seen is not None and seen.steady >= 1.0 and seen.code is None:
            scanning.capture()

    def _scan_cleared(self) -> None:
        self._scan_fault = None
        self._changed()

    def _close_scanning(self) -> None:
        if self._scanning is not None:
            self._scanning.close()
            self._scanning = None
        self._captured = None
