"""
Writes depths.reference.json: what PyTorch makes of two steps of training at every depth, in double precision.

    python test/training/depths.reference.py > test/training/depths.reference.json

Needs torch and torchvision. Weights and inputs come from a formula that depths.ts computes too.
"""
import json
import sys

import numpy as np
import torch
from torchvision.models import resnet50

SIZE, COUNT, CLASSES, HIDDEN, STEPS = 64, 3, 3, 8, 2
RATE, FACTOR, MOMENTUM, DECAY = 0.05, 0.5, 0.9, 0.01
SAMPLES = 2
# Depth: what is called, in order, and the shape of a picture's input there.
MODULES = ['stem', 'layer1', 'layer2', 'layer3', 'layer4']
DEPTHS = {
    'HEAD': (5, [2048]),
    'LAYER4': (4, [1024, SIZE // 16, SIZE // 16]),
    'LAYER3': (3, [512, SIZE // 8, SIZE // 8]),
    'LAYER2': (2, [256, SIZE // 4, SIZE // 4]),
    'LAYER1': (1, [64, SIZE // 4, SIZE // 4]),
    'ALL': (0, [3, SIZE, SIZE]),
}


def uniforms(name, count):
    """In [-1, 1), single precision."""
    key = sum(ord(letter) * (at + 1) for at, letter in enumerate(name)) % 1000
    value = np.sin(np.arange(count, dtype=np.float64) * 12.9898 + key * 78.233) * 43758.5453
    return (2 * (value - np.floor(value)) - 1).astype(np.float32).astype(np.float64)


def drawn(name, shape):
    u = uniforms(name, int(np.prod(shape))).reshape(shape)
    if name == 'inputs':
        return u if shape[1] == 3 else np.maximum(u, 0)
    if len(shape) == 4:
        u = u * np.sqrt(6 / np.prod(shape[1:]))
    elif len(shape) == 2:
        u = u / np.sqrt(shape[1])
    elif name.endswith('running_var'):
        u = 1 + 0.5 * np.abs(u)
    elif name.endswith('weight'):
        # Norms at a branch's end: small, so that the blocks' sums do not grow.
        u = (0.3 if 'bn3' in name else 1) * (1 + 0.2 * u)
    else:
        u = 0.1 * u
    return u.astype(np.float32).astype(np.float64)


def steps(depth):
    torch.manual_seed(0)
    first, shape = DEPTHS[depth]
    model = resnet50().double()
    model.fc = torch.nn.Sequential(
        torch.nn.Identity(), torch.nn.Linear(2048, HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, CLASSES)
    ).double()
    start = {
        name: torch.from_numpy(drawn(name, list(tensor.shape)))
        for name, tensor in model.state_dict().items()
        if not name.endswith('num_batches_tracked')
    }
    model.load_state_dict(start, strict=False)
    model.train()
    stem = torch.nn.Sequential(model.conv1, model.bn1, model.relu, model.maxpool)
    above = [stem, model.layer1, model.layer2, model.layer3, model.layer4][first:]
    trunk = [parameter for module in above for parameter in module.parameters()]
    optimizer = torch.optim.SGD(
        [{'params': model.fc.parameters(), 'lr': RATE}, {'params': trunk, 'lr': RATE * FACTOR}],
        momentum=MOMENTUM,
        weight_decay=DECAY,
    ) if trunk else torch.optim.SGD(model.fc.parameters(), lr=RATE, momentum=MOMENTUM, weight_decay=DECAY)

    def forward():
        x = inputs
        for module in above:
            x = module(x)
        return model.fc(x.mean((2, 3)) if x.dim() == 4 else x)

    inputs = torch.from_numpy(drawn('inputs', [COUNT, *shape]))
    labels = torch.arange(COUNT) % CLASSES
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(forward(), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    names = ('fc.',) + tuple(['conv1.', 'bn1.'] if first == 0 else []) + tuple(MODULES[max(first, 1):])
    moved = {
        name: (tensor - start[name]).flatten()
        for name, tensor in model.state_dict().items()
        if name in start and name.startswith(names)
    }
    model.eval()
    with torch.no_grad():
        probabilities = torch.softmax(forward(), 1)
    return {
        'losses': losses,
        # Of each tensor's move: its norm, and its first values.
        'moves': {
            name: [float(f'{number:.7g}') for number in [move.norm().item(), *move[:SAMPLES].tolist()]]
            for name, move in moved.items()
        },
        'probabilities': probabilities.flatten().tolist(),
    }


if __name__ == '__main__':
    json.dump({depth: steps(depth) for depth in DEPTHS}, sys.stdout, separators=(',', ':'))
