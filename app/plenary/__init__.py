"""The plenary: meetings, the floor, the pen, decisions bound to exact text, hall screens."""
