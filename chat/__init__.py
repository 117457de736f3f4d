"""Conversations between visitors and the support team; so far the messages that visitors leave."""
