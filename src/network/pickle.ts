/**
 * Reads Python pickles as data. Nothing is ever run: a pickle may name only the few callables in `calls`, each of which is
 * a function of ours, and any other name or opcode refuses the file.
 *
 * Opcodes: https://github.com/python/cpython/blob/main/Lib/pickletools.py, of protocols 0 to 5 those that torch.save uses.
 */
import { WeightsError } from './weights.js'

/** What a pickle may call: "module name" to a function of its arguments. */
export type PickleCalls = ReadonlyMap<string, (...args: unknown[]) => unknown>

export interface PickleOptions {
  calls: PickleCalls
  /** Names that stand for themselves, such as storage types: given back as a PickleName. */
  names: ReadonlySet<string>
  /** What a persistent id stands for. */
  persistent: (id: unknown) => unknown
}

export class PickleName {
  constructor(readonly name: string) {}
}

const MARK = Symbol('mark')

/** @returns the value and the offset behind its STOP */
export function readPickle(bytes: Uint8Array, options: PickleOptions, from = 0): { value: unknown; end: number } {
  const machine = new PickleMachine(bytes, options, from)
  return machine.run()
}

class PickleMachine {
  private readonly view: DataView
  private readonly stack: unknown[] = []
  private readonly memo = new Map<number, unknown>()

  constructor(
    private readonly bytes: Uint8Array,
    private readonly options: PickleOptions,
    private at: number,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  run(): { value: unknown; end: number } {
    try {
      for (;;) {
        const opcode = this.byte()
        if (opcode === 0x2e) return { value: this.pop(), end: this.at }
        const step = OPCODES[opcode]
        if (step === undefined) throw refused(`opcode 0x${opcode.toString(16)}`)
        step(this)
      }
    } catch (error) {
      if (error instanceof RangeError) throw new WeightsError('The file is cut off inside its pickle.')
      throw error
    }
  }

  byte(): number {
    return this.view.getUint8(this.at++)
  }

  uint(size: 1 | 2 | 4 | 8): number {
    const { view, at } = this
    this.at += size
    if (size === 1) return view.getUint8(at)
    if (size === 2) return view.getUint16(at, true)
    if (size === 4) return view.getUint32(at, true)
    return Number(view.getBigUint64(at, true))
  }

  int32(): number {
    this.at += 4
    return this.view.getInt32(this.at - 4, true)
  }

  float64(): number {
    this.at += 8
    return this.view.getFloat64(this.at - 8)
  }

  /** A little-endian two's complement integer of any length; beyond 2^53 it stays a BigInt. */
  long(size: number): number | bigint {
    let value = 0n
    for (let i = 0; i < size; i++) value |= BigInt(this.byte()) << BigInt(8 * i)
    if (size > 0) value = BigInt.asIntN(8 * size, value)
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value
  }

  text(size: number): string {
    if (this.at + size > this.bytes.length) throw new RangeError('cut off')
    this.at += size
    return new TextDecoder().decode(this.bytes.subarray(this.at - size, this.at))
  }

  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at)
    if (end < 0) throw new RangeError('cut off')
    const line = this.text(end - this.at)
    this.at = end + 1
    return line
  }

  push(value: unknown): void {
    this.stack.push(value)
  }

  pop(): unknown {
    if (this.stack.length === 0) throw refused('an empty stack')
    return this.stack.pop()
  }

  popToMark(): unknown[] {
    const mark = this.stack.lastIndexOf(MARK)
    if (mark < 0) throw refused('a missing mark')
    const items = this.stack.splice(mark)
    return items.slice(1)
  }

  top(): unknown {
    return this.stack.at(-1)
  }

  skip(count: number): void {
    this.at += count
  }

  remember(index = this.memo.size): void {
    this.memo.set(index, this.top())
  }

  recall(index: number): void {
    if (!this.memo.has(index)) throw refused('an unknown memo')
    this.push(this.memo.get(index))
  }

  global(name: string): void {
    const { calls, names } = this.options
    if (!calls.has(name) && !names.has(name)) throw refused(`the name "${name}"`)
    this.push(new PickleName(name))
  }

  reduce(): void {
    const args = this.pop()
    const callable = this.pop()
    const call = callable instanceof PickleName ? this.options.calls.get(callable.name) : undefined
    if (call === undefined || !Array.isArray(args)) throw refused('a call of something that is no function')
    this.push(call(...(args as unknown[])))
  }

  persistent(): void {
    this.push(this.options.persistent(this.pop()))
  }

  setItems(items: readonly unknown[]): void {
    const target = this.top()
    if (!(target instanceof Map)) throw refused('items of something that is no dictionary')
    for (let i = 0; i + 1 < items.length; i += 2) target.set(items[i], items[i + 1])
  }

  append(items: readonly unknown[]): void {
    const target = this.top()
    if (!Array.isArray(target)) throw refused('items of something that is no list')
    target.push(...items)
  }
}

/** Tuples and lists become arrays, dictionaries become Maps; an object's state (BUILD) is left out. */
const OPCODES: Readonly<Record<number, (m: PickleMachine) => void>> = {
  0x80: (m) => m.skip(1), // PROTO
  0x95: (m) => m.skip(8), // FRAME
  0x28: (m) => m.push(MARK),
  0x30: (m) => void m.pop(), // POP
  0x31: (m) => void m.popToMark(), // POP_MARK
  0x4e: (m) => m.push(null), // NONE
  0x88: (m) => m.push(true), // NEWTRUE
  0x89: (m) => m.push(false), // NEWFALSE
  0x4a: (m) => m.push(m.int32()), // BININT
  0x4b: (m) => m.push(m.uint(1)), // BININT1
  0x4d: (m) => m.push(m.uint(2)), // BININT2
  0x8a: (m) => m.push(m.long(m.uint(1))), // LONG1
  0x47: (m) => m.push(m.float64()), // BINFLOAT
  0x55: (m) => m.push(m.text(m.uint(1))), // SHORT_BINSTRING
  0x54: (m) => m.push(m.text(m.uint(4))), // BINSTRING
  0x8c: (m) => m.push(m.text(m.uint(1))), // SHORT_BINUNICODE
  0x58: (m) => m.push(m.text(m.uint(4))), // BINUNICODE
  0x8d: (m) => m.push(m.text(m.uint(8))), // BINUNICODE8
  0x29: (m) => m.push([]), // EMPTY_TUPLE
  0x5d: (m) => m.push([]), // EMPTY_LIST
  0x7d: (m) => m.push(new Map()), // EMPTY_DICT
  0x74: (m) => m.push(m.popToMark()), // TUPLE
  0x85: (m) => m.push([m.pop()]), // TUPLE1
  0x86: (m) => m.push([m.pop(), m.pop()].reverse()), // TUPLE2
  0x87: (m) => m.push([m.pop(), m.pop(), m.pop()].reverse()), // TUPLE3
  0x71: (m) => m.remember(m.uint(1)), // BINPUT
  0x72: (m) => m.remember(m.uint(4)), // LONG_BINPUT
  0x94: (m) => m.remember(), // MEMOIZE
  0x68: (m) => m.recall(m.uint(1)), // BINGET
  0x6a: (m) => m.recall(m.uint(4)), // LONG_BINGET
  0x63: (m) => m.global(`${m.line()} ${m.line()}`), // GLOBAL
  0x93: (m) => {
    const [name, module] = [m.pop(), m.pop()]
    m.global(`${String(module)} ${String(name)}`) // STACK_GLOBAL
  },
  0x52: (m) => m.reduce(), // REDUCE
  0x62: (m) => void m.pop(), // BUILD
  0x51: (m) => m.persistent(), // BINPERSID
  0x73: (m) => m.setItems([m.pop(), m.pop()].reverse()), // SETITEM
  0x75: (m) => m.setItems(m.popToMark()), // SETITEMS
  0x61: (m) => m.append([m.pop()]), // APPEND
  0x65: (m) => m.append(m.popToMark()), // APPENDS
}

function refused(what: string): WeightsError {
  return new WeightsError(
    `The file's pickle uses ${what}, which a file of weights has no need of. It was refused; nothing of it was run.`,
  )
}
