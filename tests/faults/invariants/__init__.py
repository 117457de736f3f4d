"""What must hold whatever happens, in families."""
