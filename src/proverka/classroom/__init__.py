"""A class: release, collect, grade, mark, regrade, report."""
