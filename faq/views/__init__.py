"""Pages: a request in, a response out, nothing decided in between."""
