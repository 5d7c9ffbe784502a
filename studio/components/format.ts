/** Figures as people read them. */

export function percent(share: number | null | undefined, digits = 2): string {
  return share === null || share === undefined ? '–' : `${(share * 100).toFixed(digits)} %`
}

/** Points of a hundred, with a sign. */
export function points(delta: number | null | undefined): string {
  return delta === null || delta === undefined ? '–' : signed(delta * 100, 2)
}

/** Of shares that are shown as such, with a sign. */
export function difference(delta: number): string {
  return signed(delta, 4)
}

function signed(value: number, digits: number): string {
  return `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(digits)}`
}

/** A word of the API for people: NON_FINITE_LOSS as "Non finite loss". */
export function sentenceCase(word: string): string {
  return word.charAt(0) + word.slice(1).replaceAll('_', ' ').toLowerCase()
}

export function duration(seconds: number): string {
  if (seconds < 60) return `${String(Math.ceil(seconds))} s`
  if (seconds < 3600) return `${String(Math.floor(seconds / 60))} min ${String(Math.round(seconds % 60))} s`
  return `${String(Math.floor(seconds / 3600))} h ${String(Math.round((seconds % 3600) / 60))} min`
}

export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3))
  return `${(count / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? ''}`
}

const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

export function moment(iso: string): string {
  return WHEN.format(new Date(iso))
}

export function count(number: number): string {
  return number.toLocaleString('en-GB')
}

/** "1 picture", "2,000 pictures", "3 classes". */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${noun(number, one, many)}`
}

export function noun(number: number, one: string, many = `${one}s`): string {
  return number === 1 ? one : many
}

/** A rate such as 0.001: digits where they matter, no zeros behind. */
export function rate(value: number): string {
  return value === 0 ? '0' : String(Number(value.toPrecision(4)))
}
