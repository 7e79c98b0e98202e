"""Text on papers: a reader in a process of its own, and what the lines of known papers mean.

from devices.ocr.text_reader import TextReader
from devices.ocr.household import parse_household
reader = TextReader()
page = parse_household(reader.read(image))  # BGR, H×W×3 uint8; page.fields["name"].value
reader.close()
"""
