/** Which duplicates a version has in more than one part. */
import type { SplitName } from '../../../client/documents.js'
import type { HealthQuery } from './queries/health.documents.js'

type Dataset = Extract<NonNullable<HealthQuery['node']>, { __typename: 'Dataset' }>

export interface Leaks {
  readonly version: number
  readonly count: number
  /** Ids of groups of duplicates; of the first hundred leaks. */
  readonly groups: ReadonlySet<string>
  /** By the picture's id. */
  readonly splits: ReadonlyMap<string, SplitName>
}

/** Of the latest version; null where there is none. */
export function leaksOf({ versions }: Dataset): Leaks | null {
  const [version] = versions.nodes
  if (version === undefined) return null
  const { nodes, totalCount } = version.leaks
  const images = nodes.flatMap((leak) => leak.images)
  return {
    version: version.number,
    count: totalCount,
    groups: new Set(nodes.map(({ group }) => group.id)),
    splits: new Map(images.map(({ image, split }) => [image.id, split])),
  }
}
