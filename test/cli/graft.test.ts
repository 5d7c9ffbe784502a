import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectFile } from '../../src/config/project-root.js'
import { layOut } from '../datasets/pictures.js'
import { type GraftProcess, startGraftProcess } from '../graft-process.js'

const SECRET = 'a-secret-of-the-shell-1234'
const READ_SECRET = 'a-secret-of-the-reader-1234'
let graft: GraftProcess
let pictures: string

beforeAll(async () => {
  // Reached by address and token alone, as a server elsewhere is.
  graft = await startGraftProcess({ GRAFT_TOKENS: `shell:read+classify+write:${SECRET},reader:read:${READ_SECRET}` })
  pictures = join(graft.folder, 'pets')
  const files = (label: string, from: number) =>
    Array.from({ length: 10 }, (_, i) => [`${label}/${label} ${String(i)}.png`, from + i] as const)
  await layOut(pictures, Object.fromEntries([...files('cat', 0), ...files('dog', 1000)]))
})

afterAll(() => graft.close())

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

async function run(parameters: string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [projectFile('scripts', 'run.mjs'), 'graft', ...parameters], {
    cwd: graft.folder,
    env: { ...process.env, GRAFT_URL: graft.url, GRAFT_TOKEN: SECRET, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (part: Buffer) => (out += part.toString()))
  child.stderr.on('data', (part: Buffer) => (err += part.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

async function json<Value>(...parameters: string[]): Promise<Value> {
  const { code, out, err } = await run(['--json', ...parameters])
  expect(err).toBe('')
  expect(code).toBe(0)
  return JSON.parse(out) as Value
}

interface Row {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly evaluation: { readonly report: { readonly accuracy: number } }
}

describe('the command line, from a folder to a file', () => {
  it('sends a folder to the server and imports it', async () => {
    const { code, out } = await run(['import', pictures, '--dataset', 'pets'])
    expect(out).toContain('20 added, 0 there already, 0 rejected')
    expect(code).toBe(0)
    expect(await json('import', pictures, '--dataset', 'pets')).toMatchObject({ added: 0, duplicates: 20 })
  })

  it('trains, showing each epoch once, and ends with the report', async () => {
    const common = ['train', '--dataset', 'pets', '--image-size', '32', '--epochs', '3']
    const { code, out } = await run([...common, '--name', 'first'])
    expect(code).toBe(0)
    expect(out.match(/^ {6}[123] /gm)).toHaveLength(3)
    expect(out).toMatch(/weighted avg/)
    expect(out).toMatch(/classify PICTURE --run \S+\n$/)
    const second = await json<Row>(...common, '--name', 'second', '--optimizer', 'SGD', '--hidden-units', 'none')
    // Nothing was changed: both learn from one version, and can be compared.
    expect(second).toMatchObject({ name: 'second', status: 'SUCCEEDED', datasetVersion: { number: 1 } })
  })

  it('lists, shows again, reports and compares runs by their names', async () => {
    const runs = await json<Row[]>('runs', '--dataset', 'pets')
    expect(runs.map(({ name }) => name)).toEqual(['second', 'first'])
    expect((await run(['watch', 'first'])).out.match(/^ {6}[123] /gm)).toHaveLength(3)
    expect((await run(['report', 'first', '--csv'])).out).toMatch(
      /^label,precision,recall,f1_score,support,roc_auc,average_precision\ncat,[\d.]+,[^]+\nweighted avg,[\d.]+,/,
    )
    const compared = await json<{ differences: { name: string }[] }>('compare', 'first', 'second')
    expect(compared.differences.map(({ name }) => name)).toContain('optimizer')
    expect((await run(['compare', 'first', 'second'])).out).toMatch(/^status +SUCCEEDED +SUCCEEDED$/m)
  })

  it('takes paths from where the command was typed, which npm tells', async () => {
    const npm = { INIT_CWD: pictures, npm_lifecycle_event: 'graft' }
    expect(await run(['classify', 'cat/cat 0.png', '--run', 'first'], npm)).toMatchObject({ code: 0, err: '' })
  })

  it('classifies files, and names the one that it could not read without losing the others', async () => {
    const [first] = await json<{ id: string }[]>('runs')
    const run1 = await json<{ bestCheckpoint: { id: string } }>('watch', first?.id ?? '')
    const model = ['--checkpoint', run1.bestCheckpoint.id]
    const file = join(pictures, 'cat/cat 0.png')
    const [said] = await json<{ label: string; confidence: number }[]>('classify', file, ...model)
    expect(['cat', 'dog']).toContain(said?.label)
    expect(await json('classify', file, '--run', 'second')).toEqual([said])
    await writeFile(join(graft.folder, 'not.png'), 'no picture')
    const both = await run(['classify', file, join(graft.folder, 'not.png'), ...model])
    expect(both.code).toBe(1)
    expect(both.out).toContain('cat 0.png')
    expect(both.err).toContain('1 of 2 files')
  })

  it('names a checkpoint, moves the name, says by how much another falls short, and goes back', async () => {
    interface Alias {
      readonly name: string
      readonly checkpoint: { readonly trainingRun: { readonly name: string } }
    }
    expect((await run(['aliases'])).out).toMatch(/^There are no aliases/)
    expect(await json<Alias>('alias', 'pets/best', '--run', 'first')).toMatchObject({ name: 'pets/best' })
    const moved = await run(['alias', 'pets/best', '--run', 'second', '--min-macro-f1-gain', '-1'])
    expect(moved).toMatchObject({ code: 0, err: '' })
    expect(moved.out).toMatch(/^pets\/best points to epoch [123] of second, checkpoint \S+\n$/)
    const refused = await run(['alias', 'pets/best', '--run', 'first', '--min-test-accuracy-gain', '1'])
    expect(refused.code).toBe(1)
    expect(refused.err).toMatch(/^Its accuracy on TEST is [\d.]+, [\d.]+ below the [\d.]+ required\.\n$/)
    const runOf = async () => (await json<Alias[]>('aliases')).map(({ checkpoint }) => checkpoint.trainingRun.name)
    expect(await runOf()).toEqual(['second'])
    await json('alias', 'pets/best', '--revert')
    expect(await runOf()).toEqual(['first'])
    expect((await run(['classify', join(pictures, 'cat/cat 0.png'), '--alias', 'pets/best'])).code).toBe(0)
  })

  it('exports the model as a file with the sha256 that the server said', async () => {
    const target = join(graft.folder, 'model.safetensors')
    const { sha256 } = await json<{ sha256: string }>('export', 'first', '--output', target)
    expect(
      createHash('sha256')
        .update(await readFile(target))
        .digest('hex'),
    ).toBe(sha256)
  })

  it.each([
    ['leaves the run alone when it is interrupted', [], ['QUEUED', 'PREPARING', 'RUNNING']],
    ['cancels it then where it was told to', ['--cancel-on-exit'], ['CANCELLED']],
  ])('%s', async (_what, options, statuses) => {
    const child = spawn(
      process.execPath,
      [
        projectFile('scripts', 'run.mjs'),
        'graft',
        'train',
        '--dataset',
        'pets',
        '--image-size',
        '32',
        '--epochs',
        '900',
        ...options,
      ],
      { env: { ...process.env, GRAFT_URL: graft.url, GRAFT_TOKEN: SECRET }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    let out = ''
    const started = new Promise<void>((resolve) =>
      child.stdout.on('data', (part: Buffer) => {
        out += part.toString()
        if (out.includes('Run ')) resolve()
      }),
    )
    await started
    child.kill('SIGINT')
    expect(await once(child, 'close')).toEqual([130, null])
    const id = /^Run .* \((\S+)\)/m.exec(out)?.[1] ?? ''
    const runs = await json<Row[]>('runs', '--limit', '1')
    expect(runs[0]).toMatchObject({ id })
    await expect
      .poll(async () => (await json<Row[]>('runs', '--limit', '1'))[0]?.status, { timeout: 60_000 })
      .toSatisfy((status: string) => statuses.includes(status))
  })
})

describe('the command line ends with a code that says why', () => {
  it.each([
    ['2 for a command that it does not know', ['fly'], {}, 2],
    ['2 for an option that is no number', ['train', '--dataset', 'x', '--epochs', 'many'], {}, 2],
    ['2 for an option that it does not know', ['runs', '--fast'], {}, 2],
    ['1 for a dataset that is not there', ['train', '--dataset', 'nothing'], {}, 1],
    ['1 for a folder that is not there', ['import', '/nowhere/at/all', '--dataset', 'x'], {}, 1],
    ['1 for a run that is not there', ['watch', 'nothing'], {}, 1],
    ['1 for a picture file that is not there', ['classify', '/nowhere.png', '--alias', 'x'], {}, 1],
    ['1 for an alias that is not there', ['classify', 'pets/cat/cat 0.png', '--alias', 'nobody'], {}, 1],
    ['1 for an alias that is to point nowhere', ['alias', 'x'], {}, 1],
    ['1 for an alias that is to go back and elsewhere', ['alias', 'x', '--revert', '--run', 'y'], {}, 1],
    ['1 for a name that no alias may have', ['alias', 'Not A Name', '--checkpoint', 'y'], {}, 1],
    ['1 for a model that is named twice', ['classify', 'x.png', '--alias', 'x', '--checkpoint', 'y'], {}, 1],
    ['1 for a model that is not named', ['classify', 'x.png'], {}, 1],
    ['2 where an option of the experiment is missing', ['reproduce', 'dogs-vs-cats'], {}, 2],
    ['3 for a server that is not there', ['runs'], { GRAFT_URL: 'http://127.0.0.1:9' }, 3],
    ['4 for a token that the server does not know', ['runs'], { GRAFT_TOKEN: 'unknown-secret-of-mine' }, 4],
    ['4 where a token is missing', ['runs'], { GRAFT_TOKEN: '' }, 4],
    ['4 for what a token may not do', ['train', '--dataset', 'pets'], { GRAFT_TOKEN: READ_SECRET }, 4],
    ['0 for help', ['--help'], {}, 0],
  ])('%s', async (_what, parameters, env, code) => {
    const ended = await run(parameters, env)
    expect({ code: ended.code, said: ended.code === 0 || ended.err !== '' }).toEqual({ code, said: true })
    expect(ended.err).not.toMatch(/^ +at /m)
  })

  it('names what is missing as whoever asked named it', async () => {
    expect((await run(['watch', 'nothing'])).err).toBe('There is no run "nothing".\n')
    expect((await run(['classify', '/nowhere.png', '--run', 'first'])).err).toBe('There is no file /nowhere.png.\n')
    expect((await run(['runs'], { GRAFT_TOKEN: '' })).err).toContain('GRAFT_TOKEN')
  })

  it('1 for a folder without a file, of which no dataset is made', async () => {
    const empty = join(graft.folder, 'empty')
    await mkdir(empty)
    expect(await run(['import', empty, '--dataset', 'nothing-in-it'])).toMatchObject({
      code: 1,
      err: `There are no files in ${empty}.\n`,
    })
    expect((await run(['runs', '--dataset', 'nothing-in-it'])).err).toContain('There is no dataset "nothing-in-it"')
  })
})

describe('an import that can bring nothing', () => {
  const missing = async (dataset: string) => (await run(['runs', '--dataset', dataset])).err

  it.each([
    ['a text', 'notes.txt', 'no picture', /^\S+notes\.txt is neither a folder nor a \.zip, /],
    ['a single picture', 'one.gif', 'GIF89a', /A picture comes in a folder/],
    ['a folder without a picture', 'texts/a.txt', 'no picture', /^There is no JPEG, PNG, .* picture in \S+\.\n$/],
  ])('is refused before %s is sent, and makes no dataset', async (what, path, text, says) => {
    const file = join(graft.folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
    const { code, err } = await run(['import', path.split('/')[0] ?? '', '--dataset', what])
    expect(code).toBe(1)
    expect(err.replace(/^(?=\w+\.\w+ )/, `${graft.folder}/`)).toMatch(says)
    expect(await missing(what)).toContain('There is no dataset')
  })

  it('leaves no dataset that was made for it, and none out that was there before', async () => {
    const unlabelled = join(graft.folder, 'unlabelled')
    await layOut(unlabelled, { 'one.png': 7000 })
    const refused = await run(['import', unlabelled, '--dataset', 'unlabelled'])
    expect(refused).toMatchObject({ code: 1 })
    expect(refused.err).toMatch(/^There is 1 file, and it is no picture with a label, in /)
    expect(await missing('unlabelled')).toContain('There is no dataset')
    expect((await run(['import', unlabelled, '--dataset', 'pets'])).code).toBe(1)
    expect(await missing('pets')).toBe('')
  })
})

describe('the reference experiment', () => {
  it("takes Kaggle's names, and says where pictures are missing", async () => {
    const kaggle = join(graft.folder, 'kaggle')
    const names = [0, 1, 2].flatMap((i) => [`train/cat.${String(i)}.png`, `train/dog.${String(i)}.png`])
    await layOut(kaggle, Object.fromEntries(names.map((name, i) => [name, 5000 + i])))
    const { code, out, err } = await run(['reproduce', 'dogs-vs-cats', '--data', kaggle])
    expect(out).toContain('6 added')
    expect(err).toMatch(/cat/)
    expect(code).toBe(1)
  })
})

describe('the doctor', () => {
  it('finds this machine fit', async () => {
    const { code, out } = await run(['--json', 'doctor'], { GRAFT_TRUNK_WEIGHTS: 'random' })
    expect(code).toBe(0)
    const findings = JSON.parse(out) as { what: string; state: string; found: string }[]
    const looks = ['node', 'engine', 'weights', 'data', 'database', 'storage', 'server']
    expect(findings.map(({ what }) => what)).toEqual(looks)
    expect(findings.filter(({ state }) => state === 'bad')).toEqual([])
    expect(findings.at(-1)).toMatchObject({ state: 'good', found: `${graft.url} is ready` })
  })

  it("tries the weights' host and the server, and says what to do where they are out of reach", async () => {
    const host = createServer((request, response) => {
      response.statusCode = request.method === 'HEAD' && request.url === '/there.pth' ? 200 : 404
      response.end()
    }).listen(0, '127.0.0.1')
    await once(host, 'listening')
    const { port } = host.address() as AddressInfo
    const at = (name: string): string => `http://127.0.0.1:${String(port)}/${name}.pth`
    const elsewhere = { GRAFT_DATA_DIR: join(graft.folder, 'doctor') }
    const there = await run(['doctor'], { ...elsewhere, GRAFT_TRUNK_WEIGHTS: at('there') })
    const gone = await run(['doctor'], { ...elsewhere, GRAFT_TRUNK_WEIGHTS: at('gone') })
    host.close()
    expect(there).toMatchObject({ code: 0, err: '' })
    expect(there.out).toMatch(/^This machine, with this shell's settings;/)
    expect(there.out).toMatch(/^note {3}weights +not fetched yet; the first run fetches http:/m)
    expect(gone.code).toBe(1)
    expect(gone.out).toMatch(
      /^WRONG {2}weights +not fetched yet, and \S+gone\.pth answers 404\n +.*GRAFT_TRUNK_WEIGHTS/m,
    )
    const nobody = await run(['doctor'], { GRAFT_TRUNK_WEIGHTS: at('there'), GRAFT_URL: 'http://127.0.0.1:9' })
    expect(nobody.out).toMatch(/^WRONG {2}weights .* cannot be reached \(.*ECONNREFUSED/m)
    expect(nobody.out).toMatch(/^WRONG {2}server +http:\/\/127\.0\.0\.1:9 cannot be reached/m)
  })

  it('says what is wrong with the weights and the settings, and fails', async () => {
    const { code, out, err } = await run(['doctor'], { GRAFT_TRUNK_WEIGHTS: '/nowhere/weights.pth' })
    expect({ code, err }).toEqual({ code: 1, err: '' })
    expect(out).toMatch(/WRONG {2}weights .*\/nowhere\/weights\.pth/)
    expect((await run(['doctor'], { PORT: 'four' })).out).toContain('PORT')
  })
})
