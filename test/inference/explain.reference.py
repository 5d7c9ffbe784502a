"""
Writes explain.reference.json: the Grad-CAM maps that PyTorch's autograd gives, in double precision, for a drawn network
and drawn inputs, and one of them as torch.nn.functional.interpolate enlarges it.

    python test/inference/explain.reference.py > test/inference/explain.reference.json

Needs torch and torchvision. Weights and inputs come from the formula of test/training/depths.reference.py.
"""
import json
import runpy
import sys
from pathlib import Path

import torch
from torchvision.models import resnet50

DEPTHS = Path(__file__).parent.parent / 'training' / 'depths.reference.py'
drawn = runpy.run_path(str(DEPTHS))['drawn']
HIDDEN, CLASSES = 8, 3
SIZES = [224, 160, 96, 64]
ENLARGED = 32


def network():
    model = resnet50().double()
    model.fc = torch.nn.Sequential(
        torch.nn.Dropout(0.5), torch.nn.Linear(2048, HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, CLASSES)
    ).double()
    state = {
        name: torch.from_numpy(drawn(name, list(tensor.shape)))
        for name, tensor in model.state_dict().items()
        if not name.endswith('num_batches_tracked')
    }
    model.load_state_dict(state, strict=False)
    return model.eval()


def explain(model, size):
    kept = {}
    hook = model.layer4.register_forward_hook(lambda _module, _inputs, output: kept.update(activations=output))
    logits = model(torch.from_numpy(drawn('inputs', [1, 3, size, size])))
    hook.remove()
    activations = kept['activations']
    maps = []
    for index in range(CLASSES):
        (gradient,) = torch.autograd.grad(logits[0, index], activations, retain_graph=True)
        weights = gradient.mean((2, 3), keepdim=True)
        sums = torch.relu((weights * activations).sum(1))[0]
        maps.append((sums / sums.max() if sums.max() > 0 else sums).detach())
    return torch.softmax(logits[0], 0).tolist(), maps


def figures(values):
    return [float(f'{number:.6g}') for number in values.flatten().tolist()]


model = network()
explained = {size: explain(model, size) for size in SIZES}
first = explained[96][1][0]
enlarged = torch.nn.functional.interpolate(first[None, None], (ENLARGED, ENLARGED), mode='bilinear')[0, 0]
json.dump(
    {
        'sizes': {
            size: {'probabilities': probabilities, 'maps': [figures(each) for each in maps]}
            for size, (probabilities, maps) in explained.items()
        },
        'enlarged': {'of': figures(first), 'values': figures(enlarged)},
    },
    sys.stdout,
    separators=(',', ':'),
)
