"""A ledger of sourced claims, a bank of questions, and what can be made from the two."""

__version__ = "0.1.0"
