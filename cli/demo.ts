/** `npm run demo`: the whole path on a machine that has nothing but the packages, leaving nothing behind. */
import { resolve } from 'node:path'
import { Command } from 'commander'
import { WebSocket } from 'ws'
import { createClient } from '../client/client.js'
import { type DemoPictures, drawnPictures, foundPictures } from './demo-pictures.js'
import { callersFolder, demoEnvironment } from './environment.js'
import { startGraft } from './graft-process.js'
import { type Interruption, listenForInterruption } from './interruption.js'
import { createScreen, type Screen } from './screen.js'
import {
  classifyPicture,
  freezeVersion,
  importPictures,
  type Story,
  heldOutPicture,
  trainRun,
} from './training-story.js'
import { withTemporaryFolder } from './temporary-folder.js'
import { wholeNumber } from './number-argument.js'

interface Options {
  readonly images?: string
  readonly imageSize: number
  readonly epochs: number
  readonly keep: boolean
}

function readOptions(args: readonly string[]): Options {
  return new Command('npm run demo --')
    .description('Fine-tunes ResNet-50 on a small picture set, live, and classifies a new picture.')
    .option('--images <directory>', 'your own pictures: a folder per class; GRAFT_TRUNK_WEIGHTS names the trunk to use')
    .option('--image-size <pixels>', 'what pictures are scaled to, a multiple of 32', wholeNumber(4), 64)
    .option('--epochs <count>', 'how often the head sees every picture', wholeNumber(4), 8)
    .option('--keep', 'leave the server running until Ctrl-C', false)
    .parse(args, { from: 'user' })
    .opts()
}

async function runDemo(options: Options, screen: Screen, { signal, interrupted }: Interruption): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const pictures =
      options.images === undefined
        ? await drawnPictures(folder)
        : await foundPictures(resolve(callersFolder(), options.images))
    screen.step('Pictures')
    screen.line(`  ${pictures.description}`)
    const environment = demoEnvironment({
      HOST: '127.0.0.1',
      PORT: '0',
      GRAFT_DATA_DIR: `${folder}/data`,
      GRAFT_IMPORT_ROOTS: pictures.directory,
    })
    screen.step('Server, trainer and their own Postgres')
    const graft = await startGraft(environment, signal)
    const client = createClient({ url: graft.url, webSocket: WebSocket })
    try {
      screen.line(`  ${graft.url}/graphql`)
      await Promise.race([tellStory({ client, screen, signal }, pictures, options), graft.ended, interrupted])
      sayWhatComes(screen, graft.url, options.keep)
      if (options.keep) await Promise.race([graft.ended, interrupted.catch(() => undefined)])
    } finally {
      await client.close()
      await graft.stop()
    }
  })
}

async function tellStory(story: Story, pictures: DemoPictures, { epochs, imageSize }: Options): Promise<void> {
  const { screen } = story
  screen.step('Import')
  const datasetId = await importPictures(story, pictures.directory)
  const versionId = await freezeVersion(story, datasetId, pictures.split)
  screen.step('Training, each epoch as it comes')
  const run = await trainRun(story, versionId, { ...pictures, epochs, imageSize })
  if (run.engine !== null)
    screen.line(`  Trained by ${run.engine.backend} ${run.engine.version} on ${run.engine.device}.`)
  screen.step(`Report on ${run.evaluation?.split ?? 'TEST'}`)
  screen.line(indented(run.evaluation?.report?.text ?? 'No report.'))
  if (run.trunk?.pretrained === false) {
    screen.line('  The trunk is random (trunk.pretrained is false): it has never seen a photograph, and the accuracy')
    screen.line('  above means nothing about real ones. Set GRAFT_TRUNK_WEIGHTS to a ResNet-50 for that.')
  }
  if (run.bestCheckpoint === null) throw new Error('The run has no best checkpoint.')
  screen.step('One picture that the run has not seen')
  const { picture, label } = pictures.newPicture ?? (await heldOutPicture(story, versionId))
  screen.line(`  It shows: ${label}`)
  await classifyPicture(story, run.bestCheckpoint.id, picture)
}

function sayWhatComes(screen: Screen, url: string, keep: boolean): void {
  screen.step('The studio')
  screen.line(`  ${url}/ is the web page: runs, datasets, and pictures to classify. GraphQL answers on ${url}/graphql.`)
  if (keep) screen.line('  Both answer until Ctrl-C.')
  else screen.line('  All of it is stopped and removed now; `npm run demo -- --keep` leaves it running.')
}

function indented(text: string): string {
  return text.trimEnd().replace(/^/gm, '  ')
}

const screen = createScreen(process.stdout)
const interruption = listenForInterruption(process)
try {
  await runDemo(readOptions(process.argv.slice(2)), screen, interruption)
} catch (error) {
  screen.line(`\n${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = interruption.exitCode() ?? 1
}
