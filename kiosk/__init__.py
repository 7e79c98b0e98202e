"""What a kiosk does: visits, applications, papers, cases, sync, health.

No pixels, no wires, no SQL.
"""
