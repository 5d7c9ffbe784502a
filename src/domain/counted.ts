/** E.g. "1 picture", "2 pictures": for messages that people read. */
export function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`
}
