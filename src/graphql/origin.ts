/** Which Host and which web Origin may call: what keeps other pages and rebound names in a browser away. */
import { hostname, networkInterfaces } from 'node:os'

export interface OriginSettings {
  /** The address that was listened on, and its port. */
  readonly host: string
  readonly port: number
  readonly publicUrl: string | undefined
  /** Web origins that may call beside our own. */
  readonly origins: readonly string[]
}

export interface OriginGuard {
  /** Why a request is refused; undefined where it may come in. */
  refusal(headers: { host?: string | undefined; origin?: string | undefined }): string | undefined
  /** Whether a listed web origin, other than our own, asks: it needs the CORS headers. */
  isListed(origin: string | undefined): origin is string
}

/** Before the server listens: which names are its own depends on the port. */
export const CLOSED: OriginGuard = {
  refusal: () => 'The server is starting.',
  isListed: (_origin): _origin is string => false,
}

export function createOriginGuard(settings: OriginSettings): OriginGuard {
  const hosts = ownHosts(settings)
  const listed = new Set(settings.origins)
  const own = new Set([...hosts].map((name) => new URL(`http://${name}`).origin))
  if (settings.publicUrl !== undefined) own.add(new URL(settings.publicUrl).origin)
  return {
    refusal({ host, origin }) {
      if (!PROTOCOLS.some((protocol) => hosts.has(withPort(host?.toLowerCase() ?? '', protocol)))) {
        return `This server is not "${host ?? ''}"; GRAFT_PUBLIC_URL says what it is called.`
      }
      if (origin === undefined || listed.has(origin) || own.has(origin)) return undefined
      return `Pages of ${origin} may not call this server; GRAFT_ORIGINS lists those that may.`
    },
    isListed: (origin): origin is string => origin !== undefined && listed.has(origin) && !own.has(origin),
  }
}

/** Every `name:port` that reaches this server. Loopback's names are always ours: no foreign page can be there. */
function ownHosts({ host, port, publicUrl }: OriginSettings): Set<string> {
  const names = ['localhost', '127.0.0.1', '[::1]', bracketed(host.toLowerCase())]
  if (host === '0.0.0.0' || host === '::') {
    const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
    names.push(hostname().toLowerCase(), ...addresses.map((each) => bracketed(each.address)))
  }
  const own = new Set(names.map((name) => `${name}:${String(port)}`))
  if (publicUrl !== undefined) own.add(withPort(new URL(publicUrl).host, new URL(publicUrl).protocol))
  return own
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

/** A Host header without a port may stand for either protocol's own. */
const PROTOCOLS = ['http:', 'https:']

function withPort(host: string, protocol: string): string {
  return /:\d+$/.test(host) ? host : `${host}:${protocol === 'https:' ? '443' : '80'}`
}
