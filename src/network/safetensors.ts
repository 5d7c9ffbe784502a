/**
 * The safetensors format (https://github.com/huggingface/safetensors): eight bytes with the header's length, a JSON
 * header, then the tensors' bytes, little-endian, row-major, without gaps.
 */
import { z } from 'zod'
import { fromBfloat, fromHalf } from './half.js'
import { elementCount, WeightsError, type StateDict, type Tensor } from './weights.js'

const LENGTH_BYTES = 8
const I64_BYTES = 8
/** The limit of the format's own reader. */
const MAX_HEADER_BYTES = 100_000_000

const entry = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
})
type Entry = z.infer<typeof entry>

/** `data` is one tensor's bytes, aligned and its own. */
const FLOATS: Readonly<Record<string, { bytes: number; widen: (data: ArrayBuffer) => Float32Array }>> = {
  F64: { bytes: 8, widen: (data) => Float32Array.from(new Float64Array(data)) },
  F32: { bytes: 4, widen: (data) => new Float32Array(data) },
  F16: { bytes: 2, widen: (data) => fromHalf(new Uint16Array(data)) },
  BF16: { bytes: 2, widen: (data) => fromBfloat(new Uint16Array(data)) },
}
/** Counters and masks: checked like the others, then left out. */
const SKIPPED_BYTES: Readonly<Record<string, number>> = {
  I64: 8,
  U64: 8,
  I32: 4,
  U32: 4,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
}

/**
 * Reads the floating-point tensors, widened to single precision (F64 is narrowed), and leaves integers out.
 * @throws WeightsError if the file is malformed in any way
 */
export function readSafetensors(file: Uint8Array): StateDict {
  const { entries, body } = readHeader(file)
  const tensors = new Map<string, Tensor>()
  for (const [name, { dtype, shape, data_offsets: offsets }] of entries) {
    const float = FLOATS[dtype]
    if (float === undefined) continue
    const data = Uint8Array.prototype.slice.call(body, ...offsets).buffer
    tensors.set(name, { shape, data: float.widen(data) })
  }
  return tensors
}

/** The texts that the writer put beside the tensors. */
export function readSafetensorsMetadata(file: Uint8Array): Record<string, string> {
  return readHeader(file).metadata
}

interface Header {
  entries: [string, Entry][]
  metadata: Record<string, string>
  body: Uint8Array
}

function readHeader(file: Uint8Array): Header {
  const length = headerLength(file)
  const { __metadata__: texts = {}, ...rest } = parseHeader(file.subarray(LENGTH_BYTES, LENGTH_BYTES + length))
  const metadata = z.record(z.string(), z.string()).safeParse(texts)
  if (!metadata.success) throw malformed('its metadata are not texts')
  const body = file.subarray(LENGTH_BYTES + length)
  const entries = Object.entries(rest).map(([name, value]): [string, Entry] => [name, parseEntry(name, value)])
  checkOffsets(entries, body.length)
  return { entries, metadata: metadata.data, body }
}

function headerLength(file: Uint8Array): number {
  if (file.length < LENGTH_BYTES) throw malformed(`it has only ${String(file.length)} bytes`)
  const length = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true)
  if (length > BigInt(MAX_HEADER_BYTES)) throw malformed(`its header claims ${String(length)} bytes`)
  if (length > BigInt(file.length - LENGTH_BYTES)) throw malformed('its header is cut off')
  return Number(length)
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw malformed('its header is not JSON')
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw malformed('its header is no object')
  return header as Record<string, unknown>
}

function parseEntry(name: string, value: unknown): Entry {
  const parsed = entry.safeParse(value)
  if (!parsed.success) throw malformed(`its header does not describe ${name} by dtype, shape and data_offsets`)
  const { dtype, shape, data_offsets: offsets } = parsed.data
  const bytes = FLOATS[dtype]?.bytes ?? SKIPPED_BYTES[dtype]
  if (bytes === undefined)
    throw new WeightsError(`The tensor ${name} has the type ${dtype}; F32, F16 and BF16 are read.`)
  const expected = elementCount(shape) * bytes
  if (offsets[1] - offsets[0] !== expected) {
    throw malformed(
      `${name} of shape [${shape.join(', ')}] and type ${dtype} needs ${String(expected)} bytes, not ${String(offsets[1] - offsets[0])}`,
    )
  }
  return parsed.data
}

/** Tensors follow one another: no two share bytes, and none lie outside or between. */
function checkOffsets(entries: readonly [string, Entry][], byteSize: number): void {
  const ordered = entries.map(
    ([
      name,
      {
        data_offsets: [start, end],
      },
    ]) => ({ name, start, end }),
  )
  ordered.sort((a, b) => a.start - b.start || a.end - b.end)
  let at = 0
  for (const { name, start, end } of ordered) {
    if (end > byteSize) throw malformed(`${name} lies beyond the end of the file`)
    if (start < at) throw malformed(`${name} overlaps another tensor`)
    if (start > at) throw malformed(`bytes before ${name} belong to no tensor`)
    at = end
  }
  if (at !== byteSize) throw malformed(`${String(byteSize - at)} bytes at the end belong to no tensor`)
}

function malformed(what: string): WeightsError {
  return new WeightsError(`Not a sound safetensors file: ${what}.`)
}

/**
 * Writes F32, tensors ordered by name, so that equal content gives equal bytes; metadata stay in the order given.
 * @param counters names of integers of shape [], all 0, as PyTorch keeps one beside every batch norm (I64)
 */
export function writeSafetensors(
  tensors: StateDict,
  metadata?: Readonly<Record<string, string>>,
  counters: readonly string[] = [],
): Buffer {
  const ordered = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1))
  const header: Record<string, unknown> = metadata === undefined ? {} : { __metadata__: metadata }
  // PyTorch's reader wants every tensor aligned to its type: the widest come first.
  const zeros = new Uint8Array(counters.length * I64_BYTES)
  counters.forEach((name, i) => {
    header[name] = { dtype: 'I64', shape: [], data_offsets: [i * I64_BYTES, (i + 1) * I64_BYTES] }
  })
  let at = zeros.length
  for (const [name, { shape, data }] of ordered) {
    if (elementCount(shape) !== data.length)
      throw new WeightsError(`${name} does not fit its shape [${shape.join(', ')}].`)
    header[name] = { dtype: 'F32', shape, data_offsets: [at, at + data.byteLength] }
    at += data.byteLength
  }
  const text = Buffer.from(JSON.stringify(header))
  const padded = Buffer.alloc(LENGTH_BYTES + Math.ceil(text.length / 8) * 8, ' ')
  padded.writeBigUInt64LE(BigInt(padded.length - LENGTH_BYTES))
  text.copy(padded, LENGTH_BYTES)
  const bodies = ordered.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  return Buffer.concat([padded, zeros, ...bodies])
}
