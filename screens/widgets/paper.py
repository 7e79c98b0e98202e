"""A slip of paper with a torn edge, as the printer hands it out, and the code printed on it."""

import numpy as np
import segno
from kivy.graphics import Color, Mesh, Rectangle
from kivy.graphics.texture import Texture
from numpy.typing import NDArray

from screens.look import Look
from screens.shapes import shadowed
from screens.surfaces import surfaces_of
from screens.tokens import GAP_L
from screens.widgets.block import Block, natural_height

DOT = 0.31
"""Width of one printed dot on the screen, mm."""
TOOTH = 4.2
"""Width of one tooth of the torn edge, mm."""


class Slip(Block):
    """White paper around one block; its upper and lower edge are torn."""

    def __init__(self, look: Look, content: Block, sid: str = "") -> None:
        super().__init__(look, sid)
        with self.canvas.before:
            self._shadow = shadowed(look.mm(2), look.mm(5), look.theme.shadow)
            Color(*surfaces_of(look.theme).paper)
            self._sheet = Rectangle()
            self._teeth = [Mesh(mode="triangles"), Mesh(mode="triangles")]
        self.content = content
        self.add_widget(content)

    def _pad(self) -> float:
        return float(self.look.mm(GAP_L))

    def natural_width(self) -> float:
        if not isinstance(self.content, Block):
            return 0.0
        return float(self.content.natural_width() + 2 * self._pad())

    def height_for(self, width: float) -> float:
        return natural_height(self.content, width - 2 * self._pad()) + 2 * self._pad()

    def arrange(self) -> None:
        tooth = self.look.mm(TOOTH)
        deep = tooth * 0.5
        self._shadow.lay(self.x, self.y, self.width, self.height)
        self._sheet.pos = (self.x, self.y + deep)
        self._sheet.size = (self.width, self.height - 2 * deep)
        count = max(1, round(self.width / tooth))
        step = self.width / count
        for mesh, base, tip in (
            (self._teeth[0], self.y + deep, self.y),
            (self._teeth[1], self.top - deep, self.top),
        ):
            vertices: list[float] = []
            for number in range(count):
                left = self.x + number * step
                for x, y in ((left, base), (left + step / 2, tip), (left + step, base)):
                    vertices += [x, y, 0, 0]
            mesh.vertices = vertices
            mesh.indices = list(range(3 * count))
        pad = self._pad()
        self.content.place(self.x + pad, self.y + pad, self.width - 2 * pad, self.height - 2 * pad)


class QrCode(Block):
    """A QR code (ISO/IEC 18004, level M), with its four quiet modules, on white."""

    def __init__(self, look: Look, data: str, side: float, sid: str = "") -> None:
        """`side`: mm."""
        super().__init__(look, sid)
        self._side = look.mm(side)
        self._texture = _qr_texture(data)
        with self.canvas:
            Color(1, 1, 1, 1)
            self._image = Rectangle(texture=self._texture)

    def height_for(self, width: float) -> float:
        return float(min(self._side, width))

    def natural_width(self) -> float:
        return float(self._side)

    def arrange(self) -> None:
        # Whole pixels a module: edges stay sharp for the reader of a telephone.
        modules = self._texture.width
        side = max(1, int(min(self.width, self.height)) // modules) * modules
        self._image.size = (side, side)
        self._image.pos = (round(self.center_x - side / 2), round(self.center_y - side / 2))


class PaperPicture(Block):
    """A paper dot for dot as it is printed; about two and a half times its size on paper."""

    def __init__(self, look: Look, dots: NDArray[np.uint8], sid: str = "") -> None:
        """`dots`: H×W, rows from the top, 0 = ink."""
        super().__init__(look, sid)
        height, width = dots.shape
        self._dots = (width, height)
        self._texture = Texture.create(size=(width, height), colorfmt="luminance")
        self._texture.mag_filter = "nearest"
        self._texture.flip_vertical()
        self._texture.blit_buffer(
            np.ascontiguousarray(dots).tobytes(), colorfmt="luminance", bufferfmt="ubyte"
        )
        with self.canvas:
            Color(1, 1, 1, 1)
            self._image = Rectangle(texture=self._texture)

    def natural_width(self) -> float:
        """Whole pixels a dot wherever that comes near: the code stays sharp for a telephone."""
        width = self._dots[0]
        wanted = self.look.mm(width * DOT)
        whole = round(wanted / width)
        near = whole and abs(wanted / (whole * width) - 1) < 0.15
        return float(whole * width if near else wanted)

    def height_for(self, width: float) -> float:
        return float(self._dots[1] * min(width, self.natural_width()) / self._dots[0])

    def arrange(self) -> None:
        scale = min(self.width / self._dots[0], self.height / self._dots[1])
        wide, high = self._dots[0] * scale, self._dots[1] * scale
        self._image.size = (wide, high)
        self._image.pos = (round(self.center_x - wide / 2), round(self.center_y - high / 2))


def _qr_texture(data: str) -> Texture:
    code = segno.make(data, error="m", micro=False)
    dark = np.array([[bool(cell) for cell in row] for row in code.matrix_iter(border=4)])
    rows = np.where(dark[::-1], 0, 255).astype(np.uint8)
    pixels = np.repeat(rows[..., None], 3, axis=2)
    texture = Texture.create(size=(dark.shape[1], dark.shape[0]), colorfmt="rgb")
    texture.mag_filter = texture.min_filter = "nearest"
    texture.blit_buffer(np.ascontiguousarray(pixels).tobytes(), colorfmt="rgb", bufferfmt="ubyte")
    return texture


class DashedRule(Block):
    """The dashed line of a receipt."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        with self.canvas:
            Color(*surfaces_of(look.theme).paper_line)
            self._dashes = Mesh(mode="triangles")

    def height_for(self, width: float) -> float:
        return float(self.look.mm(1))

    def arrange(self) -> None:
        dash = self.look.mm(2.6)
        high = max(2, self.look.mm(0.5))
        count = max(1, int(self.width / (dash * 1.7)))
        step = self.width / count
        y = self.center_y - high / 2
        vertices: list[float] = []
        indices: list[int] = []
        for number in range(count):
            x = self.x + number * step
            for px, py in ((x, y), (x + dash, y), (x + dash, y + high), (x, y + high)):
                vertices += [px, py, 0, 0]
            indices += [4 * number + corner for corner in (0, 1, 2, 0, 2, 3)]
        self._dashes.vertices, self._dashes.indices = vertices, indices
