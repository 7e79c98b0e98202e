"""Typing without an operating system's input method: pure state, no widget."""
