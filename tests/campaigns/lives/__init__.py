"""Kiosks and hubs that are killed, cut off and started again: the parts of the long proofs.

A life is one run of a real kiosk (main.Kiosk: store, printer, sync; no window) or of a real hub
(hub.serve), each a process of its own, born by a warm process that has everything imported.
"""
