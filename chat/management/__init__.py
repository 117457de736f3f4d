"""The commands of `manage.py` about conversations."""
