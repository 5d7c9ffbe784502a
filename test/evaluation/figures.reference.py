"""
Writes figures.reference.json: what scikit-learn and scipy make of drawn probabilities and of odd cases.

    python test/evaluation/figures.reference.py > test/evaluation/figures.reference.json

Needs scikit-learn (which brings numpy and scipy). Where scikit-learn warns that a figure is undefined, or gives NaN, the
reference says null.
"""
import json
import sys
import warnings

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn import metrics

BINS = 10


def drawn(seed, count, weights, sharpness):
    """Labels by `weights`, and probabilities that know something of them. Rounded, so that scores tie."""
    random = np.random.default_rng(seed)
    classes = len(weights)
    actual = random.choice(classes, count, p=np.array(weights) / sum(weights))
    logits = random.normal(size=(count, classes))
    logits[np.arange(count), actual] += 1.2
    exponentials = np.exp(sharpness * logits)
    probabilities = np.round(0.98 * exponentials / exponentials.sum(1, keepdims=True) + 0.02 / classes, 3)
    probabilities[:, -1] = np.round(1 - probabilities[:, :-1].sum(1), 3)
    return actual.tolist(), probabilities.tolist()


def or_null(figure):
    with warnings.catch_warnings():
        warnings.simplefilter('error', UserWarning)
        try:
            value = float(figure())
        except (UserWarning, ValueError):
            return None
    return None if np.isnan(value) else value


def expected_calibration_error(probabilities, actual):
    confidence = probabilities.max(1)
    right = probabilities.argmax(1) == actual
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [
        abs(right[bins == each].mean() - confidence[bins == each].mean()) * (bins == each).sum()
        for each in range(BINS)
        if (bins == each).any()
    ]
    return float(sum(gaps) / len(actual))


def scaled(probabilities, temperature):
    powers = probabilities ** (1 / temperature)
    return powers / powers.sum(1, keepdims=True)


def temperature_of(probabilities, actual):
    def loss(log_temperature):
        rows = scaled(probabilities, np.exp(log_temperature))
        return -np.log(rows[np.arange(len(actual)), actual]).mean()

    bounds = (np.log(0.01), np.log(100))
    found = minimize_scalar(loss, bounds=bounds, method='bounded', options={'xatol': 1e-12})
    return None if min(loss(bound) for bound in bounds) <= found.fun + 1e-12 else float(np.exp(found.x))


def corners(curve):
    """Null where a rate is 0 of 0."""
    xs, ys, _ = curve
    return None if np.isnan(xs).any() or np.isnan(ys).any() else [xs.tolist(), ys.tolist()]


def figures(actual, probabilities):
    actual, probabilities = np.array(actual), np.array(probabilities)
    classes = probabilities.shape[1]
    predicted = probabilities.argmax(1)
    labels = list(range(classes))
    one_of = lambda c: (actual == c).astype(int)
    temperature = temperature_of(np.maximum(probabilities, 1e-300), actual)
    return {
        'actual': actual.tolist(),
        'probabilities': probabilities.tolist(),
        'balancedAccuracy': None
        if len(set(actual)) < classes
        else metrics.balanced_accuracy_score(actual, predicted),
        'cohenKappa': or_null(lambda: metrics.cohen_kappa_score(actual, predicted, labels=labels)),
        'matthewsCorrelation': metrics.matthews_corrcoef(actual, predicted),
        'logLoss': or_null(lambda: metrics.log_loss(actual, probabilities, labels=labels)),
        'rocAuc': [or_null(lambda: metrics.roc_auc_score(one_of(c), probabilities[:, c])) for c in labels],
        'averagePrecision': [
            or_null(lambda: metrics.average_precision_score(one_of(c), probabilities[:, c])) for c in labels
        ],
        # Of the first class: all corners.
        'roc': corners(metrics.roc_curve(one_of(0), probabilities[:, 0])),
        'precisionRecall': corners(metrics.precision_recall_curve(one_of(0), probabilities[:, 0], drop_intermediate=True)),
        'expectedCalibrationError': expected_calibration_error(probabilities, actual),
        'temperature': temperature,
        'calibratedLogLoss': None if temperature is None else or_null(
            lambda: metrics.log_loss(actual, scaled(probabilities, temperature), labels=labels)
        ),
    }


warnings.simplefilter('ignore')
json.dump(
    {
        'three classes, too sure': figures(*drawn(1, 90, [5, 3, 1], 3)),
        'four classes, not sure enough': figures(*drawn(2, 60, [1, 1, 1, 1], 0.4)),
        'everything taken for one class': figures([0, 1, 0, 1], [[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.6, 0.4]]),
        'a class without pictures': figures([0, 1, 1, 0], [[0.7, 0.2, 0.1], [0.1, 0.9, 0], [0.5, 0.3, 0.2], [0.9, 0, 0.1]]),
        'one class only': figures([0, 0, 0], [[0.6, 0.4], [0.9, 0.1], [1, 0]]),
        'all right': figures([0, 1, 1], [[0.6, 0.4], [0.1, 0.9], [0.3, 0.7]]),
        'all wrong': figures([1, 0, 0], [[0.6, 0.4], [0.1, 0.9], [0.3, 0.7]]),
        'all scores equal': figures([0, 1, 1, 0], [[0.5, 0.5]] * 4),
    },
    sys.stdout,
    separators=(',', ':'),
    allow_nan=False,
)
