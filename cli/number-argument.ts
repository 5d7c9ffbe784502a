import { InvalidArgumentError } from 'commander'

/** For an option that takes a whole number. @param digits how many it may have */
export function wholeNumber(digits: number): (text: string) => number {
  const pattern = new RegExp(`^\\d{1,${String(digits)}}$`)
  return (text) => {
    if (!pattern.test(text)) throw new InvalidArgumentError('It is not a whole number.')
    return Number(text)
  }
}
