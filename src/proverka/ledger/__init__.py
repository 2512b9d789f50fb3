"""Claims, sources and the statements they are held against: load, check."""
