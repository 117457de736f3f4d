"""The client's machine against a model of the server, without any real time, thread or network."""
