"""Business facts of the demo world: what its customers bought, in the media of the seven systems that sell it."""
