/** Which addresses the server fetches pictures from: public ones, so that nobody reaches through it into its own network. */
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** @param address an IP address, as a socket connects to it */
export type AddressPolicy = (address: string) => boolean

/** Public by its digits, and yet a cloud's own machine: Azure's metadata and name service. */
const INTERNAL = new Set(['168.63.129.16'])

/**
 * What the registries call globally reachable unicast. Forms of IPv6 that carry an IPv4 address (mapped, NAT64, 6to4,
 * Teredo) are not: they would be a second way to every address that is refused in its own form.
 */
export const isPublicAddress: AddressPolicy = (address) => {
  if (isIP(address) === 0 || INTERNAL.has(address)) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast') return false
  // Of IPv6 only 2000::/3 is given out.
  return parsed.kind() === 'ipv4' || (parsed.toByteArray()[0] as number) >> 5 === 1
}
