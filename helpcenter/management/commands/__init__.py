"""The commands of `manage.py` about the whole site."""
