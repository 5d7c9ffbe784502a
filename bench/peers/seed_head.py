"""What the peers share: ResNet-50 with the seed's head, and how a script reports what it took."""

import json
import resource
import time

import torch
import torchvision
from torch import nn


def resnet50_with_head(classes: int) -> nn.Module:
    """The trunk is random, as Graft's is here: the speed is the same, and nothing has to be downloaded."""
    model = torchvision.models.resnet50(weights=None)
    model.fc = nn.Sequential(
        nn.Dropout(0.5),
        nn.Linear(2048, 1024),
        nn.ReLU(),
        nn.Dropout(0.3),
        nn.Linear(1024, 256),
        nn.ReLU(),
        nn.Linear(256, classes),
        nn.LogSoftmax(dim=1),
    )
    return model


def median(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) // 2]


def time_steps(step, warm_up: int, count: int) -> float:
    """Seconds of a step, the median of `count` after `warm_up`."""
    taken = []
    for _ in range(warm_up + count):
        started = time.perf_counter()
        step()
        taken.append(time.perf_counter() - started)
    return median(taken[warm_up:])


def report(**figures: float) -> None:
    """Peak memory is this process's alone: a loader's workers are not counted."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({**figures, "peakBytes": peak, "torch": torch.__version__}))
