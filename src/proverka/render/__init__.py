"""Model in, text out: HTML, plain text, notebooks. Nothing here reads or writes files."""
