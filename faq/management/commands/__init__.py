"""The commands of `manage.py` about content."""
