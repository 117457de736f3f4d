"""A client that speaks docs/protocol.md to the letter, as visitor and as agent, for tests against a real server."""
