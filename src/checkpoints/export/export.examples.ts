/** Programs that load an export and say what a picture shows, for whoever has fetched it. They are run by tests. */
import type { ExportFormat } from '../../domain/export-format.js'
import { MEAN, STANDARD_DEVIATION } from '../../images/image.tensor.js'
import { shorterSide } from '../../images/torchvision.geometry.js'

export interface ExportFacts {
  /** Letters, digits and hyphens before its extension. */
  readonly fileName: string
  readonly format: ExportFormat
  readonly imageSize: number
  /** In the order of the network's outputs. */
  readonly labels: readonly string[]
}

export interface Example {
  readonly title: string
  /** What it needs, as commands of a shell. */
  readonly needs: string
  readonly saveAs: string
  readonly code: string
}

export function examplesOf(facts: ExportFacts): readonly Example[] {
  return facts.format === 'ONNX'
    ? [onnxInPython(facts), onnxInBrowser(facts)]
    : [torchInPython(facts), tensorsInBrowser(facts)]
}

function torchInPython({ fileName }: ExportFacts): Example {
  return {
    title: 'In Python, with PyTorch',
    needs: 'pip install torch torchvision safetensors pillow\npython classify.py picture.jpg',
    saveAs: 'classify.py',
    code: `import json
import sys

import torch
from PIL import Image, ImageOps
from safetensors import safe_open
from torch import nn
from torchvision import transforms
from torchvision.models import resnet50

with safe_open("${fileName}", framework="pt") as file:
    facts = {name: json.loads(value) for name, value in file.metadata().items() if name != "format"}
    tensors = {name: file.get_tensor(name) for name in file.keys()}

# The head: dropout, linear and ReLU for each hidden layer, then linear and log-softmax.
linear = sorted(int(name.split(".")[1]) for name in tensors if name.startswith("fc.") and name.endswith(".weight"))
layers = []
for index in linear:
    outputs, inputs = tensors[f"fc.{index}.weight"].shape
    if index == linear[-1]:
        layers += [nn.Linear(inputs, outputs), nn.LogSoftmax(dim=1)]
    else:
        layers += [nn.Dropout(), nn.Linear(inputs, outputs), nn.ReLU()]

model = resnet50()
model.fc = nn.Sequential(*layers)
model.load_state_dict(tensors)
model.eval()

prepare = transforms.Compose([
    transforms.Resize(facts["resize"]["shorterSide"]),
    transforms.CenterCrop(facts["centerCrop"]),
    transforms.ToTensor(),
    transforms.Normalize(facts["mean"], facts["std"]),
])
picture = ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGB")
with torch.inference_mode():
    probabilities = model(prepare(picture)[None])[0].exp().tolist()
for probability, label in sorted(zip(probabilities, facts["labels"]), reverse=True)[:5]:
    print(f"{probability:.6f} {label}")
`,
  }
}

function onnxInPython({ fileName }: ExportFacts): Example {
  return {
    title: 'In Python, with ONNX Runtime',
    needs: 'pip install onnxruntime numpy pillow\npython classify.py picture.jpg',
    saveAs: 'classify.py',
    code: `import json
import sys

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

session = onnxruntime.InferenceSession("${fileName}")
facts = {name: json.loads(value) for name, value in session.get_modelmeta().custom_metadata_map.items()}

# As torchvision's Resize and CenterCrop do it.
picture = ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGB")
size, shorter = facts["centerCrop"], facts["resize"]["shorterSide"]
width, height = (shorter * side // min(picture.size) for side in picture.size)
left, top = round((width - size) / 2), round((height - size) / 2)
picture = picture.resize((width, height), Image.Resampling.BILINEAR).crop((left, top, left + size, top + size))
pixels = (np.asarray(picture, dtype=np.float32) / 255 - facts["mean"]) / facts["std"]
images = pixels.transpose(2, 0, 1)[None].astype(np.float32)

(probabilities,) = session.run(["probabilities"], {"images": images})
for probability, label in sorted(zip(probabilities[0].tolist(), facts["labels"]), reverse=True)[:5]:
    print(f"{probability:.6f} {label}")
`,
  }
}

const SERVE = 'python3 -m http.server --bind 127.0.0.1   # then open http://127.0.0.1:8000'

function onnxInBrowser({ fileName, imageSize, labels }: ExportFacts): Example {
  return {
    title: 'In a browser, with ONNX Runtime Web',
    needs: `npm install onnxruntime-web\n${SERVE}`,
    saveAs: 'index.html',
    code: `<!doctype html>
<meta charset="utf-8" />
<title>What does it show?</title>
<label>A picture <input type="file" accept="image/*" /></label>
<pre></pre>
<script type="module">
  import * as ort from './node_modules/onnxruntime-web/dist/ort.wasm.min.mjs'

  const LABELS = ${scriptLiteral(labels)}
  const SIZE = ${String(imageSize)}
  const SHORTER_SIDE = ${String(shorterSide(imageSize))}
  const MEAN = ${scriptLiteral(MEAN)}
  const STD = ${scriptLiteral(STANDARD_DEVIATION)}

  // More threads need a page that is cross-origin isolated.
  ort.env.wasm.numThreads = 1
  const loading = ort.InferenceSession.create('./${fileName}')

  /** The middle of the resized picture: [1, 3, SIZE, SIZE]. */
  async function prepare(file) {
    const picture = await createImageBitmap(file)
    const scale = SHORTER_SIDE / Math.min(picture.width, picture.height)
    const [width, height] = [picture.width, picture.height].map((side) => Math.trunc(side * scale))
    const context = new OffscreenCanvas(SIZE, SIZE).getContext('2d')
    context.imageSmoothingQuality = 'high'
    context.drawImage(picture, -Math.round((width - SIZE) / 2), -Math.round((height - SIZE) / 2), width, height)
    const { data } = context.getImageData(0, 0, SIZE, SIZE)
    const pixels = new Float32Array(3 * SIZE * SIZE)
    for (let channel = 0; channel < 3; channel++)
      for (let i = 0; i < SIZE * SIZE; i++)
        pixels[channel * SIZE * SIZE + i] = (data[4 * i + channel] / 255 - MEAN[channel]) / STD[channel]
    return new ort.Tensor('float32', pixels, [1, 3, SIZE, SIZE])
  }

  document.querySelector('input').addEventListener('change', async ({ target }) => {
    const session = await loading
    const { probabilities } = await session.run({ images: await prepare(target.files[0]) })
    const scores = LABELS.map((label, i) => ({ label, probability: probabilities.data[i] }))
    scores.sort((a, b) => b.probability - a.probability)
    document.querySelector('pre').textContent = scores
      .slice(0, 5)
      .map(({ label, probability }) => \`\${probability.toFixed(6)} \${label}\`)
      .join('\\n')
  })
</script>
`,
  }
}

/** Running it there takes an ONNX export: browsers have no PyTorch. */
function tensorsInBrowser({ fileName }: ExportFacts): Example {
  return {
    title: 'In a browser: the tensors themselves (to classify pictures there, export ONNX)',
    needs: SERVE,
    saveAs: 'index.html',
    code: `<!doctype html>
<meta charset="utf-8" />
<title>What is in it?</title>
<pre></pre>
<script type="module">
  const bytes = await (await fetch('./${fileName}')).arrayBuffer()
  const length = Number(new DataView(bytes).getBigUint64(0, true))
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 8, length)))
  const { __metadata__: facts, ...tensors } = header

  /** Its shape and values, row after row. */
  function read(name) {
    const { shape, data_offsets: [start, end] } = tensors[name]
    return { shape, values: new Float32Array(bytes.slice(8 + length + start, 8 + length + end)) }
  }

  const { shape, values } = read('conv1.weight')
  document.querySelector('pre').textContent = [
    \`labels: \${JSON.parse(facts.labels).join(', ')}\`,
    \`tensors: \${Object.keys(tensors).length}\`,
    \`conv1.weight: [\${shape.join(', ')}], the first of \${values.length} values is \${values[0]}\`,
  ].join('\\n')
</script>
`,
  }
}

/** JSON that cannot end the script that it stands in. */
function scriptLiteral(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}
