"""Analysis on demand: choose, see the cost, watch the progress, cancel."""
