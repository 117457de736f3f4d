"""Messages that customers left, their answers and their attachments."""
