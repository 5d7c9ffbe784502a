/** An inspection as its child does it: hashes and features of all pictures, then what they say. On ONNX Runtime alone. */
import { isAboutPicture, PictureUnavailableError } from '../features/compute-features.js'
import type { FeatureReader } from '../features/feature-reader.js'
import { featureKey } from '../features/feature-key.js'
import { pooledRecipe } from '../features/feature-recipe.js'
import { createProductSession, type ProductSession } from '../inference/product.session.js'
import { findDoubts } from '../inspection/doubtful-labels.js'
import { findDuplicates, type DuplicateMember } from '../inspection/duplicates.js'
import { directionsOf, firstRows, type FeatureRows } from '../inspection/feature-rows.js'
import { FEATURE_COUNT } from '../network/resnet50.js'
import type { EvaluationTools } from './evaluation-task.js'
import type { InspectedGroup, InspectedPicture, InspectionResult, InspectionTask } from './messages.js'
import { openTrunk } from './open-trunk.js'
import { collectPooled } from './pooled-features.js'

/** Every picture is compared with every other, and their features are held in memory: 800 MB of these. */
const MOST_COMPARED = 100_000
/** Features of one picture in half precision. */
const BYTES_OF_FEATURES = 2 * FEATURE_COUNT
const AT_ONCE = 8
/** So many pictures that cannot be read are left out; more, and it is the storage that is to be mended. */
const MOST_UNREADABLE = 100

/** Hashes are compared without a word, all with all: forty times as long as it took. */
const LONGEST_MS_A_PAIR = 1e-4

/** @throws RunError, StorageError, WeightsError */
export async function inspectTask(task: InspectionTask, tools: EvaluationTools): Promise<InspectionResult> {
  tools.link.say({ type: 'working', silenceMs: task.pictures.length ** 2 * LONGEST_MS_A_PAIR })
  const hashes = await hashesOf(task.pictures, tools)
  const compared = task.pictures.length > MOST_COMPARED ? null : await sourceOf(task, tools)
  const usable = compared === null ? task.pictures.map((_, i) => i) : compared.pictures
  const product = reportedProducts(await createProductSession(), tools.link)
  try {
    const features = compared?.features ?? null
    const found = await findDuplicates({ hashes: usable.map((i) => hashes[i] ?? null), features }, product)
    const groups = found.map((group) =>
      group.map(({ picture, similarity }) => ({ picture: usable[picture] as number, similarity })),
    )
    const doubts = features === null ? [] : await doubtsOf(task, { features, usable }, product)
    const news = task.pictures.flatMap(({ hash }, i) => {
      const found = hashes[i] ?? null
      return hash === null && found !== null ? [[i, found] as const] : []
    })
    return {
      trunkSha256: compared?.trunkSha256 ?? null,
      hashes: news,
      groups: await describe(groups, task.pictures, tools),
      doubts,
    }
  } finally {
    await product.release()
  }
}

/** Each product tells the supervisor that its child is at work. */
function reportedProducts(product: ProductSession, link: EvaluationTools['link']): ProductSession {
  return {
    multiply: (a, b) => {
      link.work()
      return product.multiply(a, b)
    },
    release: () => product.release(),
  }
}

/** Those that came before there were hashes are read once more; one that cannot be read has none. */
async function hashesOf(
  pictures: readonly InspectedPicture[],
  { storage, images }: EvaluationTools,
): Promise<(bigint | null)[]> {
  const hashes = pictures.map((picture) => picture.hash)
  const unknown = pictures.flatMap((picture, i) => (picture.hash === null ? [{ ...picture, i }] : []))
  for (let at = 0; at < unknown.length; at += AT_ONCE) {
    await Promise.all(
      unknown.slice(at, at + AT_ONCE).map(async ({ sha256, i }) => {
        const probed = await readable(async () => images.probe(await storage.read(sha256)))
        hashes[i] = probed?.perceptualHash ?? null
      }),
    )
  }
  return hashes
}

/** Null for a picture that is lost or cannot be read. */
async function readable<Result>(read: () => Promise<Result>): Promise<Result | null> {
  try {
    return await read()
  } catch (error) {
    if (isAboutPicture(error)) return null
    throw error
  }
}

interface Source {
  readonly trunkSha256: string
  readonly features: FeatureRows
  /** Indices of the pictures whose features these are. */
  readonly pictures: readonly number[]
}

/** Pictures that cannot be read are left out: what is said of the others does not depend on them. */
async function sourceOf(task: InspectionTask, tools: EvaluationTools): Promise<Source> {
  const { trunks, link } = tools
  const { signal } = new AbortController()
  const configured = task.trunkSha256 === null ? await trunks.configured(signal) : null
  const trunkSha256 = task.trunkSha256 ?? (configured?.sha256 as string)
  const { trunkPrecision, imageSize } = task
  const recipe = pooledRecipe({ trunkSha256, trunkPrecision, imageSize })
  const key = task.featureKey ?? featureKey(recipe)
  let pictures = task.pictures.map((_, i) => i)
  for (;;) {
    const sourced = { type: 'sourced', trunkSha256, configured, featureKey: key, recipe } as const
    const { shards } = await link.ask(sourced, 'shards', signal)
    const sha256s = pictures.map((i) => task.pictures[i]?.sha256 ?? '')
    const wanted = {
      ...{ key, shards, pictures: sha256s, imageSize },
      // What another engine computed is not added to: ours differ from those by rounding.
      budgetBytes: task.featureKey === null ? tools.featureCacheBytes : 0,
      memoryBytes: sha256s.length * BYTES_OF_FEATURES,
      openTrunk: () => openTrunk(trunks, { trunkSha256, trunkPrecision }),
    }
    try {
      return { trunkSha256, features: await readAll(await collectPooled(wanted, tools)), pictures }
    } catch (error) {
      const leftOut = task.pictures.length - pictures.length
      if (!(error instanceof PictureUnavailableError) || leftOut === MOST_UNREADABLE) throw error
      pictures = pictures.filter((i) => task.pictures[i]?.sha256 !== error.picture)
    }
  }
}

async function readAll(reader: FeatureReader): Promise<FeatureRows> {
  try {
    return await directionsOf((rows) => reader.read(rows), { count: reader.count, columns: FEATURE_COUNT })
  } finally {
    await reader.close()
  }
}

/** The pictures that have a label come first. */
async function doubtsOf(
  { pictures, classCount }: InspectionTask,
  { features, usable }: { features: FeatureRows; usable: readonly number[] },
  product: ProductSession,
): Promise<InspectionResult['doubts']> {
  const labels = usable.map((i) => pictures[i]?.label ?? null).filter((label) => label !== null)
  const rows = firstRows(features, labels.length)
  const doubts = await findDoubts({ rows, labels: Int32Array.from(labels), classCount }, product)
  return doubts.map((doubt) => ({ ...doubt, picture: usable[doubt.picture] as number }))
}

async function describe(
  groups: readonly DuplicateMember[][],
  pictures: readonly InspectedPicture[],
  { storage, images }: EvaluationTools,
): Promise<InspectedGroup[]> {
  /** Mostly told by the first two. */
  const isIdentical = async (members: readonly DuplicateMember[]): Promise<boolean> => {
    const digests = new Set<string>()
    for (const { picture } of members) {
      digests.add(await images.pixelDigest(await storage.read(pictures[picture]?.sha256 ?? '')))
      if (digests.size > 1) return false
    }
    return true
  }
  const described: InspectedGroup[] = []
  for (const members of groups) {
    described.push({ members, identical: (await readable(() => isIdentical(members))) ?? false })
  }
  return described
}
