"""What a kiosk's document camera sees: frames, pages, codes.

from devices.vision.camera import Camera
from devices.vision.pages import find_page, flatten_page
camera = Camera("/dev/video0"); camera.start()
frame = camera.latest()
if frame is not None and (quad := find_page(frame.image)) is not None:
    page = flatten_page(frame.image, quad)
"""
