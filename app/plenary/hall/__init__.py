"""Hall screens: their keys, what they show, and how it reaches them."""
