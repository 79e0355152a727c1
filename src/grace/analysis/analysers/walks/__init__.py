"""Ways through the structures of files, for every analyser of content: linear, counted, and never deeper than they say."""
