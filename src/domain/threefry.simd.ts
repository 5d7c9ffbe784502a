/**
 * Threefry-2x32 four blocks at a time, in the 128-bit vectors of WebAssembly: dropout draws by the hundred thousand in every
 * step, and plain JavaScript takes five times as long for the same numbers. The module is written here byte by byte
 * (https://webassembly.github.io/spec/core/binary/); there is no tool to build it with and no file to keep beside it.
 */

/** [k0, k1, k0 ^ k1 ^ parity] */
export type KeySchedule = readonly [number, number, number]

/** Bits of a rotation in each of four rounds, in turn. */
const ROTATIONS = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const
const GROUPS = 5
/** Two vectors are drawn side by side, each with the results of four blocks: one waits for the other less. */
const PAIRS = 4
const BYTES_AT_ONCE = PAIRS * 32

/** Words at a time: 256 kB, which stay near the processor. A multiple of what one pass draws. */
const WORDS_AT_ONCE = 65_536
const PAGES = (4 * WORDS_AT_ONCE) / 65_536

/** The part of JavaScript's own WebAssembly that is used; its types come with browsers' only. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { readonly exports: object }
}

/** Writes results from the position `from` on into the memory's first `end` bytes. */
type Fill = (...parameters: [...KeySchedule, from: number, end: number, least: number, bits: number]) => void

interface Generator {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly words: Fill
  readonly mask: Fill
}

let generator: Generator | undefined

/** Fills `target` with the first words of a stream. */
export function fillWords(target: Uint32Array, schedule: KeySchedule): void {
  fill(target, (from, { words, memory }, end) => {
    words(...schedule, from, end, 0, 0)
    return new Uint32Array(memory.buffer, 0, end / 4)
  })
}

/** Fills `target` with `value` for each word that is at least `least`, else 0. */
export function fillMask(
  target: Float32Array,
  schedule: KeySchedule,
  { least, value }: { least: number; value: number },
): void {
  const [bits = 0] = new Int32Array(Float32Array.of(value).buffer)
  fill(target, (from, { mask, memory }, end) => {
    mask(...schedule, from, end, least, bits)
    return new Float32Array(memory.buffer, 0, end / 4)
  })
}

function fill<Words extends Uint32Array | Float32Array>(
  target: Words,
  draw: (from: number, generator: Generator, end: number) => Words,
): void {
  generator ??= new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(moduleBytes()))).exports as Generator
  for (let from = 0; from < target.length; from += WORDS_AT_ONCE) {
    target.set(draw(from, generator, 4 * Math.min(WORDS_AT_ONCE, target.length - from)), from)
  }
}

type Code = readonly number[]

const I32 = 0x7f
const V128 = 0x7b
const get = (local: number): Code => [0x20, ...leb(local)]
const set = (local: number): Code => [0x21, ...leb(local)]
const constant = (value: number): Code => [0x41, ...signedLeb(value)]
const simd = (operation: number): Code => [0xfd, ...leb(operation)]
const [LANES, SPLAT, AND, OR, XOR] = [simd(0x0c), simd(0x11), simd(0x4e), simd(0x50), simd(0x51)]
const [AT_LEAST, SHIFT_LEFT, SHIFT_RIGHT, ADD] = [simd(0x40), simd(0xab), simd(0xad), simd(0xae)]
const [ADD_I32, LESS_U, LOOP, BRANCH_IF, END] = [[0x6a], [0x49], [0x03, 0x40], [0x0d, 0], [0x0b]]

/** The parameters of a Fill are locals 0 to 6; the others follow. */
const [FROM, END_AT, LEAST, BITS, AT] = [3, 4, 5, 6, 7] as const
const KEYS = [8, 9, 10] as const
const [LEAST_LANES, BITS_LANES, COUNTER, FIRST] = [11, 12, 13, 14] as const

function moduleBytes(): Code {
  const type = [0x60, ...vector(Array.from({ length: 7 }, () => [I32])), 0]
  const exported = [
    [...name('memory'), 2, 0],
    [...name('words'), 0, 0],
    [...name('mask'), 0, 1],
  ]
  const chosen = [...get(LEAST_LANES), ...AT_LEAST, ...get(BITS_LANES), ...AND]
  return [
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector([type])),
    ...section(3, vector([[0], [0]])),
    ...section(5, vector([[0, PAGES]])),
    ...section(7, vector(exported)),
    ...section(10, vector([body([]), body(chosen)])),
  ]
}

/** @param finish what is done to four results on the stack */
function body(finish: Code): Code {
  const lanes = FIRST + 2 * PAIRS - KEYS[0]
  const pairs = Array.from({ length: PAIRS }, (_, pair) => ({ a: FIRST + 2 * pair, b: FIRST + 2 * pair + 1, pair }))
  const code = [
    ...[0, 1, 2].flatMap((word) => [...get(word), ...SPLAT, ...set(KEYS[word] as number)]),
    ...[...get(LEAST), ...SPLAT, ...set(LEAST_LANES), ...get(BITS), ...SPLAT, ...set(BITS_LANES)],
    ...[...get(FROM), ...SPLAT, ...lanesOf([0, 2, 4, 6]), ...ADD, ...set(COUNTER), ...LOOP],
    ...pairs.flatMap(begin),
    ...Array.from({ length: GROUPS }, (_, group) => rounds(pairs, group)).flat(),
    ...pairs.flatMap((each) => store(each, finish)),
    ...[...get(AT), ...constant(BYTES_AT_ONCE), ...ADD_I32, ...set(AT)],
    ...[...get(AT), ...get(END_AT), ...LESS_U, ...BRANCH_IF, ...END, ...END],
  ]
  const declared = vector([
    [1, I32],
    [lanes, V128],
  ])
  return sized([...declared, ...code])
}

interface Pair {
  /** Locals of the blocks' two words. */
  readonly a: number
  readonly b: number
  readonly pair: number
}

/** Four blocks' positions, each 2 words on from the one before, and the first keys. */
function begin({ a, b }: Pair): Code {
  return [
    ...[...get(COUNTER), ...get(KEYS[0]), ...ADD, ...set(a), ...get(KEYS[1]), ...set(b)],
    ...[...get(COUNTER), ...lanesOf([8, 8, 8, 8]), ...ADD, ...set(COUNTER)],
  ]
}

/** Four rounds of all pairs in turn, then the next two keys. */
function rounds(pairs: readonly Pair[], group: number): Code {
  const mixed = (ROTATIONS[group % 2] as readonly number[]).flatMap((by) => pairs.flatMap((pair) => mix(pair, by)))
  const [next, afterNext] = [KEYS[(group + 1) % 3] as number, KEYS[(group + 2) % 3] as number]
  const injected = pairs.flatMap(({ a, b }) => [
    ...[...get(a), ...get(next), ...ADD, ...set(a), ...get(b), ...get(afterNext), ...ADD],
    ...[...constant(group + 1), ...SPLAT, ...ADD, ...set(b)],
  ])
  return [...mixed, ...injected]
}

/** a = a + b, b = (b rotated to the left) ^ a */
function mix({ a, b }: Pair, by: number): Code {
  return [
    ...[...get(a), ...get(b), ...ADD, ...set(a), ...get(b), ...constant(by), ...SHIFT_LEFT],
    ...[...get(b), ...constant(32 - by), ...SHIFT_RIGHT, ...OR, ...get(a), ...XOR, ...set(b)],
  ]
}

/** Both words of a block beside each other, block after block. */
function store({ a, b, pair }: Pair, finish: Code): Code {
  const halves = [
    [0, 16, 4, 20],
    [8, 24, 12, 28],
  ]
  return halves.flatMap((words, half) => {
    const shuffle = [...simd(0x0d), ...words.flatMap((first) => [0, 1, 2, 3].map((byte) => first + byte))]
    const offset = 32 * pair + 16 * half
    return [...get(AT), ...get(a), ...get(b), ...shuffle, ...finish, ...simd(0x0b), 4, ...leb(offset)]
  })
}

function lanesOf(values: readonly number[]): Code {
  return [...LANES, ...new Uint8Array(Int32Array.from(values).buffer)]
}

function section(id: number, content: Code): Code {
  return [id, ...sized(content)]
}

function sized(content: Code): Code {
  return [...leb(content.length), ...content]
}

function vector(items: readonly Code[]): Code {
  return [...leb(items.length), ...items.flat()]
}

function name(text: string): Code {
  return sized([...Buffer.from(text)])
}

/** Whole numbers, seven bits in a byte, the lowest first. */
function leb(value: number): Code {
  return value < 128 ? [value] : [(value % 128) + 128, ...leb(Math.floor(value / 128))]
}

/** Of numbers from 0: the last byte's seventh bit is a sign. */
function signedLeb(value: number): Code {
  return value < 64 ? [value] : [(value % 128) + 128, ...signedLeb(Math.floor(value / 128))]
}
