"""Receipt printers: one layout, printed as ESC/POS and drawn as a picture.

from devices.printers.layout import Cut, Qr, Text
from devices.printers.receipt_printer import ReceiptPrinter
printer = ReceiptPrinter("tcp://192.0.2.7:9100", columns=48)
if printer.status().fault is None:
    printer.print((Text("长春市", align="center"), Qr("YIMEN1:…"), Cut()), job="YM0001")
"""
