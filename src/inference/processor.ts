import { readFile } from 'node:fs/promises'

/**
 * Whether the processor multiplies signed bytes with unsigned ones in 32 bits (VNNI, told by Linux's /proc/cpuinfo). Where
 * it does not, or does not say, ONNX Runtime's quick way on x86 overflows at 16 bits, silently.
 */
export function multipliesBytesExactly(): Promise<boolean> {
  return (answer ??= askProcessor())
}

/** Of a processor that stays the same. */
let answer: Promise<boolean> | undefined

async function askProcessor(): Promise<boolean> {
  if (process.arch !== 'x64') return true
  return /\b(avx512_vnni|avx_vnni)\b/.test(await readFile('/proc/cpuinfo', 'utf8').catch(() => ''))
}
