import { isIPv4, isIPv6 } from 'node:net'

/** Whether only this machine reaches what listens on the address. A name other than localhost may resolve to anything. */
export function isLoopback(host: string): boolean {
  if (isIPv4(host)) return host.startsWith('127.')
  if (isIPv6(host)) return /^(0*:)*:?0*1$/.test(host)
  return host.toLowerCase() === 'localhost'
}
