"""What operators and their machines ask of a running process: is it alive, is it ready, how does it do."""
