"""Finished bytes of public pages, in front of Django: the same for everyone, emptied when content changes."""
