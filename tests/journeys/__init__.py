"""Whole visits in the real app: real wires, real hub, and a clock that moves only when told."""
