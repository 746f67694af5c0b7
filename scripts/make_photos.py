"""Cut the sample photographs from the packages that carry the originals.

Writes ``tfinterp_widgets/samples/data/photos``. Who took each photograph, and its licence, is in
``NOTICE``. On Debian 12, with Python and an environment of the script's own::

    apt-get download gcompris-qt-data lomiri-wallpapers-16.04
    for package in *.deb; do dpkg-deb --extract "$package" debian; done
    pip install numpy pillow scikit-image PySide6-Essentials
    python scripts/make_photos.py debian
"""

import io
import sys
from pathlib import Path
from typing import NamedTuple

import skimage.data
from PIL import Image
from PySide6.QtCore import QFile, QIODevice, QResource

PHOTOS = Path(__file__).parents[1] / "tfinterp_widgets" / "samples" / "data" / "photos"
SIZE = 224

Box = tuple[int, int, int, int]


class Cut(NamedTuple):
    """A square of an original: left, upper, right and lower edge in its pixels."""

    original: Image.Image
    box: Box


def main(debian: Path) -> None:
    """Write every photograph as a PNG, so that the model sees the same bytes everywhere."""
    PHOTOS.mkdir(parents=True, exist_ok=True)
    for name, (original, box) in cuts(debian).items():
        photo = original.convert("RGB").crop(box).resize((SIZE, SIZE), Image.Resampling.BICUBIC)
        photo.save(PHOTOS / f"{name}.png", optimize=True)


def cuts(debian: Path) -> dict[str, Cut]:
    """Open the originals and say which part of each is kept."""
    wallpapers = debian / "usr/share/backgrounds"
    gcompris = debian / "usr/share/gcompris-qt/rcc/explore_farm_animals.rcc"
    if not QResource.registerResource(str(gcompris)):
        raise FileNotFoundError(f"{gcompris} is not there, or not a Qt resource file")
    return {
        "cat": Cut(Image.fromarray(skimage.data.chelsea()), (75, 0, 375, 300)),
        "coffee": Cut(Image.fromarray(skimage.data.coffee()), (100, 0, 500, 400)),
        "rocket": Cut(Image.fromarray(skimage.data.rocket()), (106, 0, 533, 427)),
        "duck": Cut(_farm_animal("duck"), (58, 0, 1024, 966)),
        "dog": Cut(_farm_animal("dog"), (200, 0, 968, 768)),
        "pig": Cut(_farm_animal("pig"), (130, 60, 800, 730)),
        "spaniels": Cut(
            Image.open(wallpapers / "friends_by_Aitzol_Berasategi.jpg"), (300, 500, 1800, 2000)
        ),
        "fig": Cut(Image.open(wallpapers / "Picture_0B_by_freespace.jpg"), (850, 300, 1850, 1300)),
    }


def _farm_animal(name: str) -> Image.Image:
    folder = ":/gcompris/src/activities/explore_farm_animals/resource/animals"
    file = QFile(f"{folder}/{name}.webp")
    file.open(QIODevice.OpenModeFlag.ReadOnly)
    return Image.open(io.BytesIO(file.readAll().data()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
