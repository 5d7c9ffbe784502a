"""Transfer learning as tutorials have it: a frozen ResNet-50 runs on every picture in every epoch.

Reports the seconds of each epoch (training and validation) and of the test at the end.
"""

import argparse
import time

import torch
from seed_head import report, resnet50_with_head
from torch import nn, optim
from torch.utils.data import DataLoader, random_split
from torchvision import datasets, transforms

parser = argparse.ArgumentParser()
parser.add_argument("images")
parser.add_argument("--splits", type=int, nargs=3)
parser.add_argument("--epochs", type=int)
parser.add_argument("--image-size", type=int)
args = parser.parse_args()

transform = transforms.Compose([
    transforms.Resize(round(args.image_size * 256 / 224)),
    transforms.CenterCrop(args.image_size),
    transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
])
dataset = datasets.ImageFolder(args.images, transform)
rest = len(dataset) - sum(args.splits)  # What Graft took for duplicates.
train, validation, test, _ = random_split(dataset, [*args.splits, rest], torch.Generator().manual_seed(0))
train_loader = DataLoader(train, batch_size=64, shuffle=True, num_workers=2)
validation_loader = DataLoader(validation, batch_size=64, num_workers=2)
test_loader = DataLoader(test, batch_size=64, num_workers=2)

model = resnet50_with_head(len(dataset.classes))
for name, parameter in model.named_parameters():
    parameter.requires_grad = name.startswith("fc.")
criterion = nn.NLLLoss()
optimizer = optim.Adam(model.fc.parameters(), lr=0.001)


def evaluate(loader):
    model.eval()
    loss, correct = 0.0, 0
    with torch.no_grad():
        for images, labels in loader:
            output = model(images)
            loss += criterion(output, labels).item() * len(labels)
            correct += (output.argmax(dim=1) == labels).sum().item()
    return loss / len(loader.dataset), correct / len(loader.dataset)


epoch_seconds = []
for epoch in range(args.epochs):
    started = time.perf_counter()
    model.train()
    for images, labels in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
    evaluate(validation_loader)
    epoch_seconds.append(time.perf_counter() - started)

started = time.perf_counter()
evaluate(test_loader)
report(epochSeconds=sum(epoch_seconds) / len(epoch_seconds), testSeconds=time.perf_counter() - started)
