"""What people see and touch (Kivy). Holds no rule of its own: asks `kiosk` for everything."""
