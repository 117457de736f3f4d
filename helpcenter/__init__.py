"""Wiring of the help center: settings, routes, servers, caches and security headers."""
