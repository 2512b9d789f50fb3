"""Questions: load and check them, draw and shuffle them."""
