/** Text that is no number would be sent as NaN's JSON, null, which the API takes for a default: so it is found here. */
export const NOT_A_NUMBER = 'This is not a number.'

export function numberOf(text: string): number | undefined {
  const value = Number(text)
  return text === '' || !Number.isFinite(value) ? undefined : value
}
