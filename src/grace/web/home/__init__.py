"""Where everybody arrives: led on to the first screen that is open to them."""
