/** An export and what its page says, laid out in a folder as the page tells people to. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomTrunk } from '../../src/network/random.trunk.js'
import { canonicalTrunk } from '../../src/network/trunk.canonical.js'
import { drawPicture } from '../trainer/fixture.js'
import { seedTrunk, seedVersion } from '../runs/rows.js'
import { seedServedModel } from '../predictions/models.js'
import type { TestServer } from '../server/server.js'

export const SIZE = 64

/** @returns the id of a checkpoint whose classes are told apart from pictures of SIZE pixels */
export async function seedExportable({ database: { prisma }, storage }: TestServer): Promise<string> {
  const version = await seedVersion(prisma, 'animals')
  const trunk = canonicalTrunk(randomTrunk())
  await storage.put(trunk.bytes)
  const trunkSha256 = await seedTrunk(prisma, trunk.sha256)
  return seedServedModel({ prisma, storage, version }, { trunkSha256, imageSize: SIZE })
}

export interface ExportedPage {
  readonly pageUrl: string
  readonly html: string
  /** By the name that it is to be saved as. */
  readonly programs: ReadonlyMap<string, string>
}

/** The file and the page's programs, in the folder. */
export async function layOutExport(
  server: TestServer,
  { checkpointId, format, folder }: { checkpointId: string; format: string; folder: string },
): Promise<ExportedPage> {
  const { data } = await server.ask<{ exportCheckpoint: { export: Record<'url' | 'pageUrl' | 'fileName', string> } }>(
    `mutation($input: ExportCheckpointInput!) { exportCheckpoint(input: $input) {
      ... on ExportCheckpointSuccess { export { url pageUrl fileName } } } }`,
    { input: { checkpointId, format } },
  )
  const { url = '', pageUrl = '', fileName = '' } = data?.exportCheckpoint.export ?? {}
  await writeFile(join(folder, fileName), Buffer.from(await (await fetch(url)).arrayBuffer()))
  const html = await (await fetch(pageUrl)).text()
  const programs = new Map(
    [...html.matchAll(/<code data-file="([^"]+)">([^<]*)<\/code>/g)].map(([, name = '', code = '']) => [
      name,
      unescaped(code),
    ]),
  )
  for (const [name, code] of programs) await writeFile(join(folder, name), code)
  return { pageUrl, html, programs }
}

function unescaped(text: string): string {
  const characters: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' }
  return text.replaceAll(/&\w+;/g, (entity) => characters[entity] ?? entity)
}

/** Larger than the network sees, and as wide as high. */
export const examplePicture = (): Promise<Buffer> => drawPicture(1, 7)

/** By label, as the server says it of the example picture. */
export async function classifyExample(server: TestServer, checkpointId: string): Promise<Map<string, number>> {
  const { data } = await server.ask<{
    classify: { prediction: { scores: { label: string; probability: number }[] } }
  }>(
    `mutation($input: ClassifyInput!) { classify(input: $input) {
      ... on ClassifySuccess { prediction { scores { label probability } } } } }`,
    { input: { image: { base64: (await examplePicture()).toString('base64') }, model: { checkpointId } } },
  )
  return new Map(data?.classify.prediction.scores.map(({ label, probability }) => [label, probability]))
}

/** Lines of a probability and its label, as the programs print them. */
export function readScores(text: string): Map<string, number> {
  const lines = text.trim().split('\n')
  return new Map(lines.map((line) => [line.slice(line.indexOf(' ') + 1), Number(line.split(' ')[0])]))
}
