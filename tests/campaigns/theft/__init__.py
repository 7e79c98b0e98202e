"""What a thief finds: one visit per ending at the real app, then everything is searched for traces
of the person who was there."""
