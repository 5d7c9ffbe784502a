import { resolve } from 'node:path'
import { z } from 'zod'

/** Where a run's trunk comes from. */
export type TrunkWeights =
  | { readonly kind: 'random' }
  | { readonly kind: 'file'; readonly path: string }
  /** Fetched into the data folder on first use. */
  | { readonly kind: 'remote'; readonly url: string }

/** torchvision's ResNet50_Weights by name; an address ends in the first digits of its file's sha256. */
const TORCHVISION: Readonly<Record<string, string>> = {
  'imagenet-v1': 'https://download.pytorch.org/models/resnet50-0676ba61.pth',
  'imagenet-v2': 'https://download.pytorch.org/models/resnet50-11ad3fa6.pth',
}

/** https, or http on this machine. */
function isTrustworthy(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
}

export const trunkWeights = z
  .string()
  .default('imagenet-v1')
  .transform((text, context): TrunkWeights => {
    if (text === 'random') return { kind: 'random' }
    const url = TORCHVISION[text]
    if (url !== undefined) return { kind: 'remote', url }
    if (/\.(safetensors|pth)$/.test(text)) {
      if (!/^https?:/i.test(text)) return { kind: 'file', path: resolve(text) }
      if (isTrustworthy(text)) return { kind: 'remote', url: text }
      context.addIssue(`"${text}" is not an https address: what comes over http may have been changed on the way`)
      return z.NEVER
    }
    context.addIssue(
      `"${text}" is none of ${Object.keys(TORCHVISION).join(', ')}, random, ` +
        'nor a path or address that ends in .safetensors or .pth',
    )
    return z.NEVER
  })
