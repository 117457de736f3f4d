"""The sockets of visitors and agents: authenticate, parse, call a service, forward."""
