"""Images of any kind -> named arrays of a model's size. NumPy and Pillow alone."""

from tfinterp_widgets.images.photographs import Photograph, read_photographs, thumbnail_size

__all__ = ["Photograph", "read_photographs", "thumbnail_size"]
