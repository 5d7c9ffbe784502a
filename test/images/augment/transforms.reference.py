"""Writes transforms.reference.json: what torchvision makes of a small picture of random colours."""
import json
import torch
import torchvision
from torchvision.transforms import functional as F

generator = torch.Generator().manual_seed(1)
image = torch.randint(20, 230, (3, 7, 7), dtype=torch.uint8, generator=generator)
changes = {
    "mirror": F.hflip(image),
    "brightness 0.7": F.adjust_brightness(image, 0.7),
    "brightness 1.27": F.adjust_brightness(image, 1.27),
    "contrast 0.73": F.adjust_contrast(image, 0.73),
    "contrast 1.4": F.adjust_contrast(image, 1.4),
    "saturation 0.6": F.adjust_saturation(image, 0.6),
    "saturation 1.4": F.adjust_saturation(image, 1.4),
    "autoContrast": F.autocontrast(image),
    "posterize 3": F.posterize(image, 3),
    "solarize 128": F.solarize(image, 128),
    "rotate 90": F.rotate(image, 90),
    "rotate 9": F.rotate(image, 9),
    "translate 2 -1": F.affine(image, angle=0, translate=[2, -1], scale=1, shear=[0, 0]),
    "shearX 0.3": F.affine(image, angle=0, translate=[0, 0], scale=1, shear=[16.69924423399, 0]),
}
rows = {name: value.permute(1, 2, 0).flatten().tolist() for name, value in changes.items()}
with open("transforms.reference.json", "w") as file:
    json.dump({"torchvision": torchvision.__version__, "image": image.permute(1, 2, 0).flatten().tolist(), **rows}, file)
