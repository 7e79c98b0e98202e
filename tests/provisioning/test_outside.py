"""From outside, as the tour does it: a real window, real pointer events, the real process."""

from pathlib import Path

from PIL import Image

from provisioning.display import Hand, virtual_screen
from provisioning.embedded import Embedded, Screen
from provisioning.outside import Outside
from provisioning.processes import Children


def test_a_visit_that_quits_leaves_a_fresh_process_behind(short_path: Path) -> None:
    screen = Screen()
    with (
        Children(short_path / "log") as children,
        virtual_screen(children, screen.width_px, screen.height_px) as display,
    ):
        city = Embedded(short_path, children)
        city.start_hub()
        city.start_testbed()
        config = city.write_config(screen, observe=True)
        kiosk = city.start_kiosk(config, {"DISPLAY": display, "SDL_VIDEODRIVER": "x11"})
        hand = Hand(display)
        person = Outside(city.kiosk_socket, hand)
        person.wait_for("attract")
        mappings = _heap(kiosk.process.pid)
        person.tap("attract.start")
        person.wait_for("language")
        person.tap("language.ko")
        person.wait_for("home")
        picture = short_path / "home.png"
        person.picture(picture)
        colours = Image.open(picture).convert("RGB").getcolors(1 << 22)
        assert colours is not None
        assert len(colours) > 1000  # something was really drawn
        person.tap("home.search")
        person.wait_for("search")
        person.tap("nav.quit")
        person.wait_for("goodbye")
        person.wait_for("attract")
        assert kiosk.alive
        assert _heap(kiosk.process.pid) != mappings
        hand.close()
        kiosk.stop()


def _heap(pid: int) -> str:
    """Where the heap of a process lies: another place after exec (address randomisation)."""
    lines = Path(f"/proc/{pid}/maps").read_text().splitlines()
    return next(line.split()[0].split("-")[0] for line in lines if line.endswith("[heap]"))

