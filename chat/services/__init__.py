"""What may be done with conversations: every verb that writes."""
