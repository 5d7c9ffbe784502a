/** `npm run graft -- COMMAND`: a client of the API for a terminal and for scripts. */
import { Command, InvalidArgumentError, Option } from 'commander'
import { WebSocket } from 'ws'
import { createClient } from '../client/client.js'
import type { HyperparametersInput, TrainingRunStatus } from '../client/documents.js'
import { type AliasOptions, listAliases, pointAlias } from './commands/alias.js'
import { classifyFiles, type ModelOptions } from './commands/classify.js'
import { compareRuns } from './commands/compare.js'
import { doctor } from './commands/doctor.js'
import { exportRun, type ExportOptions } from './commands/export.js'
import { importFrom } from './commands/import.js'
import { showReport } from './commands/report.js'
import { reproduceDogsVsCats } from './commands/reproduce.js'
import { listRuns, type RunsOptions } from './commands/runs.js'
import { train } from './commands/train.js'
import { up } from './commands/up.js'
import { watchRun } from './commands/watch.js'
import type { CommandContext } from './context.js'
import { callersFolder, OWN_SERVER, serverFromEnvironment } from './environment.js'
import { EXIT, exitCodeOf, explanationOf } from './exit-codes.js'
import { listenForInterruption } from './interruption.js'
import { createTerminal } from './terminal.js'
import { wholeNumber } from './number-argument.js'

interface GlobalOptions {
  readonly url?: string
  readonly token?: string
  readonly json: boolean
}

const interruption = listenForInterruption(process)
const server = serverFromEnvironment()
const program = new Command('npm run graft --')
  .description('Fine-tunes ResNet-50 on your pictures: a client of a Graft server.')
  .option('--url <address>', `the server; ${OWN_SERVER} unless GRAFT_URL names one`, server.url)
  .option('--token <secret>', 'what it asks for (better: GRAFT_TOKEN, which no list of processes shows)', server.token)
  .option('--json', 'one JSON document instead of text', false)
  .showHelpAfterError('(--help behind it lists what there is)')
  .exitOverride()

/** What a command does, with a client that is closed when it ends. */
async function withContext(run: (context: CommandContext) => Promise<unknown>): Promise<void> {
  const { url = OWN_SERVER, token, json } = program.opts<GlobalOptions>()
  process.chdir(callersFolder())
  const client = createClient({ url, webSocket: WebSocket, ...(token === undefined ? {} : { token }) })
  try {
    await run({ client, terminal: createTerminal(process.stdout, json), signal: interruption.signal })
  } finally {
    await client.close()
  }
}

function number(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It is not a number.')
  return value
}

function numbers(text: string): number[] {
  return text === 'none' ? [] : text.split(',').map(number)
}

program
  .command('up')
  .description('start server and trainer here, as npm start does')
  .action(async () => {
    process.exitCode = await up(interruption.signal)
  })

program
  .command('import <path>')
  .description('send a folder or an archive (.zip, .tar, .tar.gz) to the server and import it')
  .requiredOption('--dataset <name>', 'made if it is not there')
  .action((path: string, { dataset }: { dataset: string }) =>
    withContext((context) => importFrom(context, path, dataset)),
  )

type TrainFlags = Omit<HyperparametersInput, 'earlyStopping'> & {
  readonly dataset: string
  readonly name?: string
  readonly cancelOnExit: boolean
  readonly patience?: number
}

program
  .command('train')
  .description(
    'freeze a dataset as it is, unless its newest version is, start a run on it, and watch it; Ctrl-C leaves the run alone',
  )
  .requiredOption('--dataset <name>', 'what to train on')
  .option('--name <name>', "the run's")
  .option('--cancel-on-exit', 'Ctrl-C cancels the run', false)
  .option('--epochs <count>', '', wholeNumber(9))
  .option('--batch-size <pictures>', '', wholeNumber(9))
  .option('--learning-rate <rate>', '', number)
  .addOption(new Option('--optimizer <name>').choices(['ADAM', 'ADAMW', 'SGD']))
  .addOption(new Option('--schedule <name>').choices(['CONSTANT', 'COSINE', 'STEP', 'ONE_CYCLE']))
  .option('--warmup-epochs <count>', '', wholeNumber(9))
  .option('--momentum <factor>', '', number)
  .option('--nesterov', '')
  .option('--weight-decay <factor>', '', number)
  .option('--label-smoothing <share>', '', number)
  .option('--balance-classes', '')
  .addOption(new Option('--trainable-layers <from>').choices(['HEAD', 'LAYER4', 'LAYER3', 'LAYER2', 'LAYER1', 'ALL']))
  .option('--trunk-learning-rate-factor <factor>', '', number)
  .option('--hidden-units <units>', 'with commas; "none" for a linear head', numbers)
  .option('--dropout <shares>', 'with commas', numbers)
  .addOption(new Option('--augmentation <kind>').choices(['NONE', 'FLIP', 'STANDARD', 'STRONG']))
  .option('--image-size <pixels>', 'a multiple of 32', wholeNumber(9))
  .option('--patience <epochs>', 'stop early after so many without a better validation loss', wholeNumber(9))
  .option('--seed <number>', '', wholeNumber(9))
  .action(({ dataset, name, cancelOnExit, patience, ...rest }: TrainFlags) => {
    const hyperparameters = patience === undefined ? rest : { ...rest, earlyStopping: { patience } }
    return withContext((context) =>
      train(context, { dataset, cancelOnExit, hyperparameters, ...(name === undefined ? {} : { name }) }),
    )
  })

const STATUSES: readonly TrainingRunStatus[] = [
  'QUEUED',
  'PREPARING',
  'RUNNING',
  'EVALUATING',
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
]

program
  .command('runs')
  .description('the history')
  .option('--dataset <name>', 'of this dataset only')
  .addOption(new Option('--status <status>').choices(STATUSES))
  .option('--best', 'best on validation first', false)
  .option('--limit <count>', 'how many, up to 100', wholeNumber(9), 20)
  .action((options: RunsOptions) => withContext((context) => listRuns(context, options)))

program
  .command('watch <run>')
  .description('a run, by id or name: its epochs as they come, until it ends')
  .action((run: string) => withContext((context) => watchRun(context, run)))

program
  .command('compare <runs...>')
  .description('runs side by side: where they differ, and their results against the first')
  .action((runs: string[]) => withContext((context) => compareRuns(context, runs)))

program
  .command('report <run>')
  .description("the per-class table of a run's evaluation")
  .option('--csv', 'as comma-separated values', false)
  .action((run: string, options: { csv: boolean }) => withContext((context) => showReport(context, run, options)))

program
  .command('classify <files...>')
  .description('what a model says of pictures')
  .option('--run <run>', 'the model by its run, of which it is the best checkpoint')
  .option('--alias <name>', 'the model by its name')
  .option('--checkpoint <id>', 'the model by its checkpoint')
  .action((files: string[], options: ModelOptions) => withContext((context) => classifyFiles(context, files, options)))

program
  .command('alias <name>')
  .description(
    'point a name to a checkpoint, for classify --alias; refused where the checkpoint is not as good as required',
  )
  .option('--run <run>', 'to the best checkpoint of this run')
  .option('--checkpoint <id>', 'to this checkpoint')
  .option('--revert', 'back to what it pointed to before', false)
  .option('--min-test-accuracy <share>', 'least accuracy on TEST', number)
  .option('--min-macro-f1 <share>', 'least macro F1 on TEST', number)
  .option('--min-test-accuracy-gain <share>', 'least gain of accuracy over what the name points to', number)
  .option('--min-macro-f1-gain <share>', 'least gain of macro F1 over what the name points to', number)
  .action((name: string, options: AliasOptions) => withContext((context) => pointAlias(context, name, options)))

program
  .command('aliases')
  .description('all names, and the checkpoints that they point to')
  .action(() => withContext(listAliases))

program
  .command('export <run>')
  .description("a run's best checkpoint as a file")
  .addOption(new Option('--format <format>').choices(['SAFETENSORS', 'ONNX']).default('SAFETENSORS'))
  .option('--output <path>', 'where to; the name that the server gives it, if left out')
  .action((run: string, options: ExportOptions) => withContext((context) => exportRun(context, run, options)))

program
  .command('doctor')
  .description('look at engine, GPU, weights, database, storage, disk and versions: what is wrong, and what to do')
  .action(async () => {
    const { json, url } = program.opts<GlobalOptions>()
    process.exitCode = await doctor({ json, server: url })
  })

program
  .command('reproduce')
  .description('the reference experiment')
  .command('dogs-vs-cats')
  .description("Kaggle's dogs vs cats: 9,199, 1,001 and 2,300 pictures of each class, the reference's report beside")
  .requiredOption('--data <folder>', 'with cat.0.jpg … dog.12499.jpg in it, or below train/')
  .action(({ data }: { data: string }) => withContext((context) => reproduceDogsVsCats(context, data)))

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = interruption.exitCode() ?? failureOf(error)
}

/** Says what went wrong, unless the parser of options has said it. @returns the exit code */
function failureOf(error: unknown): number {
  if (error instanceof Error && error.name === 'CommanderError') {
    return (error as Error & { exitCode: number }).exitCode === 0 ? EXIT.ok : EXIT.usage
  }
  process.stderr.write(`${explanationOf(error)}\n`)
  return exitCodeOf(error)
}
