"""Keeping what was said: backups that can be made while everything runs, and restored the same way."""
