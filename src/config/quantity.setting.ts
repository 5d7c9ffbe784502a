import { z } from 'zod'

const UNITS = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 } as const

/** A whole number from `least` to `most`. */
export function whole(fallback: number, least: number, most: number): z.ZodType<number> {
  return quantity(fallback, { least, most, pattern: /^(\d+)()$/, right: `a whole number from ${least} to ${most}` })
}

/** Bytes: a whole number, or one with kB, MB, GB or TB (powers of 1,000). */
export function byteCount(fallback: number): z.ZodType<number> {
  const right = 'a positive number of bytes, such as 20000000 or 20 MB'
  return quantity(fallback, {
    least: 1,
    most: Number.MAX_SAFE_INTEGER,
    pattern: /^(\d+(?:\.\d+)?) ?(?:([kmgt])b)?$/i,
    right,
  })
}

/** A whole number of at least one. */
export function count(fallback: number): z.ZodType<number> {
  return whole(fallback, 1, Number.MAX_SAFE_INTEGER)
}

interface Quantity {
  least: number
  most: number
  /** Digits, then a unit's first letter. */
  pattern: RegExp
  right: string
}

function quantity(fallback: number, { least, most, pattern, right }: Quantity): z.ZodType<number> {
  return z
    .string()
    .optional()
    .transform((text, context): number => {
      if (text === undefined) return fallback
      const [, digits, unit = ''] = pattern.exec(text.trim()) ?? []
      const value = Math.round(Number(digits) * UNITS[unit.toLowerCase() as keyof typeof UNITS])
      if (value >= least && value <= most) return value
      context.addIssue(`"${text}" is not ${right}`)
      return z.NEVER
    })
}
