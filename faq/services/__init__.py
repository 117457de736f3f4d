"""Verbs and reads of the help content; the only modules that change it."""
