"""Models: how a picture or a text becomes the tensor of a graph, and ONNX Runtime, which computes it."""
