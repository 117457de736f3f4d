"""What supervisors see: what is going on, and what went on."""
