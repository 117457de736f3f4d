"""The visitor's calls over HTTP: JSON in, JSON out, no cookies."""
