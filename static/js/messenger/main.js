// The messenger.
