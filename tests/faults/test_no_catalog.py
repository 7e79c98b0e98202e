"""A kiosk without a catalog shows nobody an empty house: it says what it does, and opens by itself.
"""

from kiosk.steps import Step
from tests.journeys.city import City
from tests.journeys.resident import Resident
from tests.journeys.telling import sentence


def test_kiosk_that_lost_its_catalog_is_closed_until_the_hub_brings_one(own_city: City) -> None:
    city = own_city
    city.open()
    city.close()
    for file in city.config.data.glob("kiosk.db*"):
        file.unlink()
    for file in (city.config.data / "published").rglob("*"):
        if file.is_file():
            file.unlink()
    city.hub.stop()

    resident = Resident(city, *city.open_out_of_order(catalog=False))
    assert sentence("kiosk.no_catalog", "zh") in resident.reads
    city.hub.start()
    resident.hands.wait_for(Step.ATTRACT)
    resident.touches_the_screen().speaks("zh")
    assert resident.hands.see("home.group.social")
