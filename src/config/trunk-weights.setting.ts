import { resolve } from 'node:path'
import { z } from 'zod'

/** Where a run's trunk comes from. */
export type TrunkWeights =
  | { readonly kind: 'random' }
  | { readonly kind: 'file'; readonly path: string }
  /** Fetched into the data folder on first use. */
  | { readonly kind: 'remote'; readonly url: string }

/** torchvision's ResNet50_Weights.IMAGENET1K_V1; the name ends in the first digits of the file's sha256. */
const IMAGENET = 'https://download.pytorch.org/models/resnet50-0676ba61.pth'

/** https, or http on this machine. */
function isTrustworthy(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
}

export const trunkWeights = z
  .string()
  .default(IMAGENET)
  .transform((text, context): TrunkWeights => {
    if (text === 'random') return { kind: 'random' }
    if (/\.(safetensors|pth)$/.test(text)) {
      if (!/^https?:/i.test(text)) return { kind: 'file', path: resolve(text) }
      if (isTrustworthy(text)) return { kind: 'remote', url: text }
      context.addIssue(`"${text}" is not an https address: what comes over http may have been changed on the way`)
      return z.NEVER
    }
    context.addIssue(`"${text}" is neither "random" nor a path or address that ends in .safetensors or .pth`)
    return z.NEVER
  })
