"""To TensorFlow Model Analysis and back: its configuration, its results, its runs on Beam."""
