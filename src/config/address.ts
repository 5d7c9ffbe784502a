import { isIPv4, isIPv6 } from 'node:net'

/** Whether only this machine reaches what listens on the address. A name other than localhost may resolve to anything. */
export function isLoopback(host: string): boolean {
  if (isIPv4(host)) return host.startsWith('127.')
  if (isIPv6(host)) return /^(0*:)*:?0*1$/.test(host)
  return host.toLowerCase() === 'localhost'
}

/** Of what listens there, as it can be opened on this machine; without a slash at its end. */
export function urlOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${isIPv6(name) ? `[${name}]` : name}:${String(port)}`
}
