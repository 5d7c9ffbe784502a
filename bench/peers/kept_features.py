"""The script of someone who noticed that a frozen trunk always says the same: its features are computed once.

Reports the seconds from the first picture to the test's result.
"""

import argparse
import time

import torch
from seed_head import report, resnet50_with_head
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset, random_split
from torchvision import datasets, transforms

parser = argparse.ArgumentParser()
parser.add_argument("images")
parser.add_argument("--splits", type=int, nargs=3)
parser.add_argument("--epochs", type=int)
parser.add_argument("--image-size", type=int)
parser.add_argument("--traced", action="store_true", help="the trunk's fastest form in single precision")
args = parser.parse_args()

transform = transforms.Compose([
    transforms.Resize(round(args.image_size * 256 / 224)),
    transforms.CenterCrop(args.image_size),
    transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
])
dataset = datasets.ImageFolder(args.images, transform)
model = resnet50_with_head(len(dataset.classes))
head, model.fc = model.fc, nn.Identity()
trunk = model.eval()

started = time.perf_counter()
if args.traced:
    example = torch.zeros(32, 3, args.image_size, args.image_size)
    trunk = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(trunk, example)))
features, labels = [], []
with torch.inference_mode():
    for images, targets in DataLoader(dataset, batch_size=32, num_workers=2):
        features.append(trunk(images))
        labels.append(targets)
kept = TensorDataset(torch.cat(features).clone(), torch.cat(labels))
rest = len(kept) - sum(args.splits)  # What Graft took for duplicates.
train, validation, test, _ = random_split(kept, [*args.splits, rest], torch.Generator().manual_seed(0))

criterion = nn.NLLLoss()
optimizer = optim.Adam(head.parameters(), lr=0.001)


def evaluate(part):
    head.eval()
    correct = 0
    with torch.no_grad():
        for inputs, targets in DataLoader(part, batch_size=256):
            correct += (head(inputs).argmax(dim=1) == targets).sum().item()
    return correct / len(part)


for epoch in range(args.epochs):
    head.train()
    for inputs, targets in DataLoader(train, batch_size=64, shuffle=True):
        optimizer.zero_grad()
        criterion(head(inputs), targets).backward()
        optimizer.step()
    evaluate(validation)
evaluate(test)
report(seconds=time.perf_counter() - started)
