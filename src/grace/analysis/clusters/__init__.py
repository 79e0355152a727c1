"""Which pictures show the same, changed a little: arrays in, clusters out, without Django and without a file."""
