"""What the agents' desk asks for by HTTP; talking goes by its socket."""
