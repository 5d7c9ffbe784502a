"""One optimiser step of the head on kept features, or of the whole network in train(), with torch's default Adam."""

import argparse

import torch
from seed_head import report, resnet50_with_head, time_steps
from torch import nn, optim

parser = argparse.ArgumentParser()
parser.add_argument("part", choices=["head", "network"])
parser.add_argument("--batch-size", type=int)
parser.add_argument("--image-size", type=int)
parser.add_argument("--warm-up", type=int)
parser.add_argument("--steps", type=int)
args = parser.parse_args()

model = resnet50_with_head(classes=2).train()
if args.part == "head":
    model = model.fc
    inputs = torch.rand(args.batch_size, 2048)
else:
    inputs = torch.rand(args.batch_size, 3, args.image_size, args.image_size)
labels = torch.randint(2, (args.batch_size,))
criterion = nn.NLLLoss()
optimizer = optim.Adam(model.parameters(), lr=0.001)


def step():
    optimizer.zero_grad()
    loss = criterion(model(inputs), labels)
    loss.backward()
    optimizer.step()
    loss.item()


report(seconds=time_steps(step, args.warm_up, args.steps))
