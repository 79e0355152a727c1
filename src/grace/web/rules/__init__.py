"""The rules by which the queue is ordered: read, drafted, previewed, published, and rolled back."""
