/**
 * Reads the state dictionaries that torch.save writes, in both of its formats: a zip archive (since PyTorch 1.6) and the
 * older sequence of pickles followed by the raw storages. No pickled code is run (see pickle.ts).
 */
import { unzipSync } from 'fflate'
import { fromBfloat, fromHalf } from './half.js'
import { PickleName, readPickle, type PickleOptions } from './pickle.js'
import { elementCount, WeightsError, type StateDict, type Tensor } from './weights.js'

/** Of floating-point storages: bytes an element, and how an aligned copy of them is widened to single precision. */
const FLOATS: Readonly<Record<string, { bytes: number; widen: (data: ArrayBuffer) => Float32Array }>> = {
  'torch DoubleStorage': { bytes: 8, widen: (data) => Float32Array.from(new Float64Array(data)) },
  'torch FloatStorage': { bytes: 4, widen: (data) => new Float32Array(data) },
  'torch HalfStorage': { bytes: 2, widen: (data) => fromHalf(new Uint16Array(data)) },
  'torch BFloat16Storage': { bytes: 2, widen: (data) => fromBfloat(new Uint16Array(data)) },
}
/** Counters and masks are left out, but their bytes have to be stepped over. */
const OTHER_BYTES: Readonly<Record<string, number>> = {
  'torch LongStorage': 8,
  'torch IntStorage': 4,
  'torch ShortStorage': 2,
  'torch CharStorage': 1,
  'torch ByteStorage': 1,
  'torch BoolStorage': 1,
}

/** A tensor as the pickle describes it: a view of a storage. */
interface View {
  storage: Storage
  offset: number
  shape: number[]
  strides: number[]
}

interface Storage {
  type: string
  key: string
  elements: number
}

const LEGACY_MAGIC = 0x1950a86a20f9469cfc6cn

/**
 * Reads the floating-point tensors, widened to single precision, and leaves integers out.
 * @throws WeightsError if the file is malformed, is no dictionary of tensors, or its pickle asks for anything else
 */
export function readPth(file: Uint8Array): StateDict {
  const isZip = file[0] === 0x50 && file[1] === 0x4b
  return isZip ? readZip(file) : readLegacy(file)
}

function readZip(file: Uint8Array): StateDict {
  let entries: Record<string, Uint8Array>
  try {
    entries = unzipSync(file)
  } catch (cause) {
    throw new WeightsError('The .pth file is a broken zip archive; was it cut off?', { cause })
  }
  const pickle = Object.keys(entries).find((name) => name.endsWith('data.pkl'))
  if (pickle === undefined) throw new WeightsError('The .pth file is a zip archive without data.pkl.')
  const folder = pickle.slice(0, -'data.pkl'.length)
  const { value } = readPickle(entries[pickle] as Uint8Array, pickleOptions())
  return collect(value, (storage) => entries[`${folder}data/${storage.key}`])
}

/** Magic number, protocol and system facts, then the dictionary, the storages' keys, and each storage with its length. */
function readLegacy(file: Uint8Array): StateDict {
  const types = new Map<string, string>()
  const options = pickleOptions((storage) => types.set(storage.key, storage.type))
  const read: unknown[] = []
  let at = 0
  for (let i = 0; i < 5; i++) {
    const { value, end } = readPickle(file, options, at)
    if (i === 0 && value !== LEGACY_MAGIC) throw new WeightsError('The file is not one that torch.save wrote.')
    read.push(value)
    at = end
  }
  const keys = read[4]
  if (!Array.isArray(keys)) throw new WeightsError('The .pth file has no list of storages.')
  return collect(read[3], legacyStorages(file, { at, keys: keys.map(String), types }))
}

function legacyStorages(
  file: Uint8Array,
  { at, keys, types }: { at: number; keys: readonly string[]; types: ReadonlyMap<string, string> },
): (storage: Storage) => Uint8Array | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const storages = new Map<string, Uint8Array>()
  let from = at
  for (const key of keys) {
    if (from + 8 > file.length) throw new WeightsError('The .pth file is cut off.')
    const bytes = Number(view.getBigInt64(from, true)) * elementBytes(types.get(key) ?? '')
    if (!(bytes >= 0) || from + 8 + bytes > file.length) throw new WeightsError('The .pth file is cut off.')
    storages.set(key, file.subarray(from + 8, from + 8 + bytes))
    from += 8 + bytes
  }
  return ({ key }) => storages.get(key)
}

function elementBytes(type: string): number {
  const bytes = FLOATS[type]?.bytes ?? OTHER_BYTES[type]
  if (bytes === undefined) throw new WeightsError(`The .pth file has a storage of an unknown type "${type}".`)
  return bytes
}

function pickleOptions(seen: (storage: Storage) => void = () => undefined): PickleOptions {
  return {
    names: new Set([...Object.keys(FLOATS), ...Object.keys(OTHER_BYTES)]),
    calls: new Map<string, (...args: unknown[]) => unknown>([
      ['collections OrderedDict', () => new Map()],
      ['torch._utils _rebuild_tensor_v2', rebuildTensor],
      ['torch._utils _rebuild_parameter', (data) => data],
    ]),
    persistent: (id) => {
      const storage = readStorage(id)
      seen(storage)
      return storage
    },
  }
}

/** ('storage', type, key, device, elements[, view of another storage, which torch no longer writes]) */
function readStorage(id: unknown): Storage {
  const [kind, type, key, , elements] = Array.isArray(id) ? (id as unknown[]) : []
  if (kind !== 'storage' || !(type instanceof PickleName) || typeof key !== 'string' || typeof elements !== 'number') {
    throw new WeightsError('The .pth file refers to something that is no storage.')
  }
  return { type: type.name, key, elements }
}

/** The arguments of torch._utils._rebuild_tensor_v2: storage, offset, shape, strides, and three that do not matter here. */
function rebuildTensor(...[storage, offset, shape, strides]: unknown[]): View {
  const sizes = [shape, strides].every((list) => Array.isArray(list) && list.every(isCount))
  if (typeof storage !== 'object' || storage === null || !('key' in storage) || !isCount(offset) || !sizes) {
    throw new WeightsError('The .pth file describes a tensor wrongly.')
  }
  return { storage: storage as Storage, offset, shape: shape as number[], strides: strides as number[] }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function collect(value: unknown, bytesOf: (storage: Storage) => Uint8Array | undefined): StateDict {
  if (!(value instanceof Map)) throw new WeightsError('The .pth file holds no state dictionary (name → tensor).')
  const dictionary: unknown = value.get('state_dict') instanceof Map ? value.get('state_dict') : value
  const tensors = new Map<string, Tensor>()
  for (const [name, view] of dictionary as Map<unknown, unknown>) {
    if (typeof name !== 'string' || typeof view !== 'object' || view === null || !('storage' in view)) continue
    const tensor = copyView(name, view as View, bytesOf((view as View).storage))
    if (tensor !== undefined) tensors.set(name, tensor)
  }
  return tensors
}

/** Copies a view, strided or shared, into a tensor of its own. */
function copyView(name: string, view: View, bytes: Uint8Array | undefined): Tensor | undefined {
  const { storage, offset, shape, strides } = view
  const float = FLOATS[storage.type]
  if (float === undefined) return undefined
  const count = elementCount(shape)
  const last = count === 0 ? -1 : shape.reduce((at, length, i) => at + (length - 1) * (strides[i] as number), offset)
  if (
    bytes === undefined ||
    bytes.length % float.bytes !== 0 ||
    last >= bytes.length / float.bytes ||
    count > bytes.length
  ) {
    throw new WeightsError(`The bytes of ${name} are missing or cut off.`)
  }
  const values = float.widen(Uint8Array.prototype.slice.call(bytes).buffer)
  if (isRowMajor(shape, strides)) return { shape, data: values.slice(offset, offset + count) }
  const data = Float32Array.from(
    { length: count },
    (_, i) => values[offset + stridedOffset(i, shape, strides)] as number,
  )
  return { shape, data }
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  return shape.every((length, i) => length <= 1 || strides[i] === elementCount(shape.slice(i + 1)))
}

function stridedOffset(index: number, shape: readonly number[], strides: readonly number[]): number {
  let rest = index
  let offset = 0
  for (let i = shape.length - 1; i >= 0; i--) {
    const length = shape[i] as number
    offset += (rest % length) * (strides[i] as number)
    rest = Math.floor(rest / length)
  }
  return offset
}
