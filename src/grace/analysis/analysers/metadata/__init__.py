"""What a file says of itself: device, place, times, programs, marks of generation; all of it text from outside, and what is missing proves nothing."""
