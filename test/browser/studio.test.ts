import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Locator, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../../client/client.js'
import { CorrectPredictionDocument } from '../../studio/features/classify/queries/classify.documents.js'
import {
  FreezeVersionDocument,
  ImportDirectoryDocument,
  NewDatasetDocument,
} from '../../studio/features/datasets/queries/datasets.documents.js'
import { SystemStateDocument } from '../../studio/system.documents.js'
import { drawPicture } from '../trainer/fixture.js'
import { layOut } from '../datasets/pictures.js'
import { type GraftProcess, startGraftProcess } from '../graft-process.js'
import {
  expectAccessible,
  expectDrawn,
  expectEvenColumns,
  expectNoSidewaysScroll,
  keepScreenshot,
  loadedBytes,
  openBrowser,
  openPage,
} from './browser.js'

let graft: GraftProcess
let browser: Browser
let pictures: string

beforeAll(async () => {
  ;[graft, browser] = await Promise.all([startGraftProcess(), openBrowser()])
  pictures = join(graft.folder, 'shapes')
  const drawn = await Promise.all(
    Array.from({ length: 40 }, async (_, i) => {
      const label = i % 2 === 0 ? 'dots' : 'stripes'
      return [`${label}/${label}.${String(i)}.png`, await drawPicture(i % 2, i)] as const
    }),
  )
  await layOut(pictures, Object.fromEntries(drawn))
})

afterAll(async () => {
  await browser.close()
  await graft.close()
})

/** Epochs that the page shows as figures. */
async function shownEpochs(page: Page): Promise<number[]> {
  const summary = page.getByText('Every epoch in figures')
  await summary.waitFor()
  if ((await page.getByRole('region', { name: 'Epochs' }).count()) === 0) await summary.click()
  const texts = await page.getByRole('region', { name: 'Epochs' }).locator('tbody th').allTextContents()
  return texts.map(Number)
}

async function fillTrainForm(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(values)) await page.getByLabel(label, { exact: true }).fill(value)
}

async function makeDataset(page: Page, name: string, folder: string): Promise<void> {
  await page.goto(`${graft.url}/datasets`)
  await page.getByLabel('New dataset').fill(name)
  await page.getByRole('button', { name: 'Make it' }).click()
  await page.locator('input[type=file][webkitdirectory]').setInputFiles(folder)
}

/** Two classes in three parts; in the test part a smaller copy of a picture of the train part, and one under the wrong class. */
async function plantFindings(): Promise<string> {
  const folder = join(graft.folder, 'planted')
  const parts = ['validation', 'test', ...Array.from({ length: 10 }, () => 'train')]
  const drawn = parts.flatMap((part, i) =>
    ['dots', 'stripes'].map(async (label, index) => {
      return [`${part}/${label}/${label}.${String(i)}.png`, await drawPicture(index, 100 + i)] as const
    }),
  )
  const files = Object.fromEntries(await Promise.all(drawn))
  const copy = await sharp(files['train/dots/dots.2.png']).resize(48).jpeg().toBuffer()
  const wrong = await Promise.all([drawPicture(0, 200), drawPicture(1, 201)])
  await layOut(folder, {
    ...files,
    'test/stripes/copy.jpg': copy,
    'train/stripes/wrong.png': wrong[0],
    'train/dots/wrong.png': wrong[1],
  })
  return folder
}

describe('the studio', () => {
  it('leads from nothing to a classified picture', async () => {
    const { page, errors } = await openPage(browser)
    await page.goto(graft.url)
    await page.getByRole('heading', { name: 'Nothing has been trained yet' }).waitFor()
    expect(await loadedBytes(page)).toBeLessThan(300_000)
    await page.getByRole('link', { name: 'Make a dataset' }).click()
    await page.getByLabel('New dataset').fill('shapes')
    await page.getByRole('button', { name: 'Make it' }).click()

    await page.locator('input[type=file][webkitdirectory]').setInputFiles(pictures)
    await page.getByText('40 added, 0 there already, 0 rejected').waitFor()
    await page.getByRole('link', { name: 'Pictures', exact: true }).click()
    await expect.poll(() => page.getByRole('list', { name: 'Pictures' }).locator('img').count()).toBeGreaterThan(10)

    await page.getByRole('link', { name: 'Versions' }).click()
    await expect.poll(() => page.getByRole('row', { name: /dots/ }).textContent()).toBe('dots1622')
    await page.getByRole('button', { name: 'Freeze', exact: true }).click()
    await page.getByRole('link', { name: 'Train on it' }).click()

    await fillTrainForm(page, { Name: 'first', Epochs: '3', 'Picture size': '33' })
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByText('Invalid number: must be a multiple of 32', { exact: true }).waitFor()
    const focused = () => page.evaluate<string>('document.activeElement.labels?.[0].textContent')
    await expect.poll(focused).toBe('Picture size')
    expect(await page.getByRole('alert').count()).toBe(0)
    await fillTrainForm(page, { 'Picture size': '32' })
    await page.getByRole('button', { name: 'Start' }).click()

    await page.getByText('Succeeded').waitFor({ timeout: 180_000 })
    expect(await shownEpochs(page)).toEqual([1, 2, 3])
    await page
      .getByRole('button', { name: /of dots taken for dots|of stripes taken for stripes/ })
      .first()
      .click()
    await page.getByRole('heading', { name: /taken for/ }).waitFor()
    await page.getByText(/^Expected calibration error [\d.]+ %/).waitFor()
    await page.getByText('In figures', { exact: true }).click()
    const bins = page.getByRole('region', { name: 'Calibration in figures' }).locator('tbody tr')
    expect(await bins.count()).toBe(10)
    await page.getByRole('button', { name: 'Heat maps' }).click()
    await expectDrawn(page.getByRole('region', { name: 'Pictures' }).getByAltText(/^Heat map: what speaks for/))
    await expectAccessible(page)

    await page.getByRole('link', { name: 'Classify with it' }).first().click()
    await page.getByLabel('A picture file').setInputFiles(join(pictures, 'dots/dots.0.png'))
    await page.getByRole('heading', { name: /^(dots|stripes), [\d.]+ %$/ }).waitFor()
    await page.getByRole('button', { name: 'Right', exact: true }).click()
    await page.getByText(/^Noted: it is/).waitFor()
    const scores = page.getByRole('list', { name: 'Scores' }).getByRole('button')
    await scores.last().focus()
    await page.keyboard.press('Enter')
    const [said = ''] = (await scores.last().innerText()).split('\n')
    await page.getByRole('heading', { name: `What speaks for ${said}`, exact: true }).waitFor()
    await expect.poll(() => page.getByRole('region', { name: 'Pictures most alike' }).getByRole('img').count()).toBe(12)
    expect(errors).toEqual([])
  })

  it('misses no epoch and repeats none when the line is cut in the middle of a run', async () => {
    const { page } = await openPage(browser)
    let cuts = 0
    await page.routeWebSocket(/\/graphql/, (socket) => {
      const server = socket.connectToServer()
      let epochs = 0
      server.onMessage((message) => {
        socket.send(message)
        if (String(message).includes('"epochCompleted"') && ++epochs === 3 && cuts < 3) {
          cuts++
          void socket.close({ code: 1012 })
        }
      })
    })
    await page.goto(`${graft.url}/train`)
    await fillTrainForm(page, { Name: 'cut', Epochs: '12', 'Picture size': '32' })
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByText('Succeeded').waitFor({ timeout: 180_000 })
    await expect.poll(() => shownEpochs(page)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect(cuts).toBeGreaterThan(0)
    await page.reload()
    await expect.poll(() => shownEpochs(page)).toHaveLength(12)
  })

  it('says what happened to a run that failed, and starts it again as is suggested', async () => {
    const { page, errors } = await openPage(browser)
    await page.goto(`${graft.url}/train`)
    for (const group of ['How it learns', 'Network and chance']) await page.getByText(group, { exact: true }).click()
    await page.getByLabel('Optimiser').selectOption('SGD')
    await page.getByLabel('Momentum').fill('much')
    await page.getByText('This is not a number.').waitFor()
    const diverging = { 'Learning rate': '10', Momentum: '0.99', 'Hidden layers': '64, 64, 64, 64' }
    await fillTrainForm(page, { Name: 'diverging', Epochs: '50', 'Picture size': '32', ...diverging })
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByText('non finite loss:').waitFor()
    await expectAccessible(page)
    await keepScreenshot(page, 'failed')
    await page.getByRole('button', { name: 'Start again with learningRate 1' }).click()
    await page.getByRole('heading', { level: 1, name: 'shapes v1 #' }).waitFor()
    await page
      .getByRole('definition')
      .filter({ hasText: /^64-64-64-64$/ })
      .waitFor()
    expect(errors).toEqual([])
  })

  it('finds, orders and compares runs by what its address says', async () => {
    const { page } = await openPage(browser)
    await page.goto(`${graft.url}/runs?q=cut`)
    await page.getByRole('link', { name: 'cut', exact: true }).waitFor()
    expect(await page.getByRole('link', { name: 'first', exact: true }).count()).toBe(0)
    await page.getByLabel('Name contains').fill('')
    await page.getByRole('link', { name: 'first', exact: true }).waitFor()
    expect(new URL(page.url()).search).toBe('')
    for (const name of ['cut', 'first']) await page.getByLabel(`Select ${name}`).check()
    await page.getByRole('button', { name: 'Compare 2' }).click()
    await page.getByRole('heading', { name: '2 runs side by side' }).waitFor()
    await page.getByRole('row', { name: /accuracy on test/ }).waitFor()
    await expectAccessible(page)
  })

  it('gives a name, moves it where that is good enough, says how it does, and goes back', async () => {
    const { page, errors } = await openPage(browser)
    await page.goto(`${graft.url}${await firstRun(page)}`)
    await page.getByLabel('Name', { exact: true }).fill('Shapes!')
    await page.getByRole('button', { name: 'Give the name' }).click()
    await page.getByText('An alias has 1 to 64 of the characters').waitFor()
    await page.getByLabel('Name', { exact: true }).fill('shapes/production')
    await page.getByRole('button', { name: 'Give the name' }).click()
    await page.getByText('shapes/production points to it now.').waitFor()

    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Models' }).click()
    const card = page.getByRole('listitem', { name: 'shapes/production' })
    const pointsTo = () => card.getByRole('definition').first().textContent()
    await card.getByText('it takes 20.').waitFor()
    await card.getByText('nobody has said what was right').waitFor()
    expect(await pointsTo()).toMatch(/^first, epoch \d+$/)

    await card.getByRole('button', { name: 'Move it' }).click()
    await card.getByLabel('Checkpoint').selectOption({ label: await optionOf(card.getByLabel('Checkpoint'), 'cut') })
    await card.getByText('Only if it is good enough').click()
    const gain = card.getByLabel('Accuracy gain')
    await gain.fill('much')
    await card.getByText('This is not a number.').waitFor()
    await gain.fill('1.5')
    await card.getByRole('button', { name: 'Point it there' }).click()
    await card.getByText('-1 to 1, not 1.5.').waitFor()
    await gain.fill('1')
    await card.getByRole('button', { name: 'Point it there' }).click()
    await card.getByText(/^Its accuracy on TEST is .+ below the .+ required\.$/).waitFor()
    await expectAccessible(page)
    await keepScreenshot(page, 'models-refused')
    expect(await pointsTo()).toMatch(/^first/)
    await gain.fill('-1')
    await card.getByRole('button', { name: 'Point it there' }).click()
    await expect.poll(pointsTo).toMatch(/^cut, epoch \d+$/)

    await classifyByName('shapes/production', 21)
    await page.getByRole('button', { name: 'Look again' }).click()
    await card.getByText('live accuracy, by feedback on one picture').waitFor()
    await card.getByText(/^drift of the last 21 pictures, in standard deviations; \d+\.\d\d is normal$/).waitFor()
    await keepScreenshot(page, 'models')

    await card.getByRole('button', { name: 'Go back to it' }).click()
    await expect.poll(pointsTo).toMatch(/^first/)
    await expect.poll(() => card.getByRole('list').getByRole('listitem').count()).toBe(3)
    await card.getByRole('link', { name: 'Classify' }).click()
    await expect.poll(() => page.getByLabel('Model').inputValue()).toBe('alias:shapes/production')
    expect(errors).toEqual([])
  })

  it('evaluates a checkpoint on another version, shows the report, and why it cannot be where there are no pictures', async () => {
    const { page, errors } = await openPage(browser)
    await page.goto(`${graft.url}/datasets`)
    const shapes = await page.getByRole('link', { name: /shapes/ }).getAttribute('href')
    await freeze(graft.url, { datasetId: shapes?.split('/').at(-1) ?? '', test: 0 })
    await page.goto(`${graft.url}${await firstRun(page)}`)
    const evaluations = page.getByRole('region', { name: 'Evaluations' })
    await evaluations.getByRole('listitem').filter({ hasText: 'on test of shapes, version 1' }).waitFor()
    await evaluations.getByRole('button', { name: 'Evaluate a checkpoint' }).click()
    await evaluations.getByLabel('Pictures').selectOption('shapes, version 2')
    await evaluations.getByLabel('Part').selectOption('Test')
    await evaluations.getByRole('button', { name: 'Evaluate', exact: true }).click()
    await evaluations.getByText('Version 2 has no pictures in TEST.', { exact: true }).waitFor()
    await expectAccessible(page)
    await keepScreenshot(page, 'evaluation-refused')
    await evaluations.getByLabel('Part').selectOption('Validation')
    expect(await evaluations.getByText('has no pictures').count()).toBe(0)
    await evaluations.getByRole('button', { name: 'Evaluate', exact: true }).click()
    const added = evaluations.getByRole('listitem').filter({ hasText: 'on validation of shapes, version 2' })
    await added.getByText('% right').waitFor()
    await added.getByRole('button', { name: 'Report' }).click()
    const report = page.getByRole('region', { name: 'Report' })
    await report.getByText('accuracy on validation').waitFor()
    await expectAccessible(page)
    await keepScreenshot(page, 'evaluated')
    await page.reload()
    await report.getByText('accuracy on validation').waitFor()
    expect(errors).toEqual([])
  })

  it('changes the name and description of a dataset, and says which names are taken', async () => {
    const { page, errors } = await openPage(browser)
    for (const name of ['taken', 'other']) {
      await page.goto(`${graft.url}/datasets`)
      await page.getByLabel('New dataset').fill(name)
      await page.getByRole('button', { name: 'Make it' }).click()
      await page.getByRole('heading', { level: 1, name }).waitFor()
    }
    await page.getByRole('button', { name: 'Edit' }).click()
    const form = page.getByRole('form', { name: 'Edit the dataset' })
    await form.getByLabel('Name').fill('taken')
    await form.getByRole('button', { name: 'Save' }).click()
    await expect.poll(() => form.getByLabel('Name').getAttribute('aria-invalid')).toBe('true')
    await form.getByLabel('Name').fill('renamed')
    await form.getByLabel('Description').fill('Drawn shapes.')
    await expectAccessible(page)
    await keepScreenshot(page, 'edit-dataset')
    await form.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { level: 1, name: 'renamed' }).waitFor()
    await page.getByText('Drawn shapes.').waitFor()
    expect(errors).toEqual([])
  })

  it('exports a checkpoint, with a page that says how to load it', async () => {
    const { page, errors } = await openPage(browser)
    await page.goto(`${graft.url}${await firstRun(page)}`)
    for (const [button, ending] of [
      ['For PyTorch', '.safetensors'],
      ['As ONNX', '.onnx'],
    ] as const) {
      await page.getByRole('button', { name: button }).click()
      const file = page.getByRole('link', { name: ending })
      await file.waitFor()
      const { ok, headers } = await fetch((await file.getAttribute('href')) ?? '', { method: 'HEAD' })
      expect(ok).toBe(true)
      expect(Number(headers.get('content-length'))).toBeGreaterThan(90e6)
    }
    const [opened] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('link', { name: 'How to load it' }).last().click(),
    ])
    await opened.getByRole('heading', { level: 1 }).waitFor()
    await opened.getByText('onnxruntime').first().waitFor()
    await expectAccessible(page)
    expect(errors).toEqual([])
  })

  it('classifies with the very checkpoint that its address names', async () => {
    const { page } = await openPage(browser)
    await page.goto(`${graft.url}${await firstRun(page)}`)
    const last = page.getByRole('region', { name: 'Checkpoints' }).getByRole('listitem').filter({ hasText: 'Classify' })
    const epoch = (await last.last().innerText()).split('\n')[0] ?? ''
    await last.last().getByRole('link', { name: 'Classify with it' }).click()
    const model = page.getByLabel('Model')
    await expect.poll(() => model.locator('option:checked').textContent()).toContain(`first, ${epoch.toLowerCase()} (`)
    await page.goto(`${graft.url}/classify?alias=gone`)
    await page.getByText('The model that the address names is gone').waitFor()
  })

  it('takes a picture that is dropped, pasted or photographed', async () => {
    const { page, errors } = await openPage(browser)
    await page.goto(`${graft.url}/classify`)
    const shown = page.getByAltText('What is classified')
    const verdict = page.getByRole('heading', { name: /, [\d.]+ %$/ })
    const taken = transferOf(await drawPicture(1, 400))
    await page.route(/\/graphql/, async (route) => {
      if (route.request().postData()?.includes('classify(') === true) await sleep(2000)
      await route.continue()
    })
    await page.getByText('Drop a picture here').waitFor()
    await page.evaluate(
      `document.querySelector('.drop').dispatchEvent(new DragEvent('drop', { bubbles: true, dataTransfer: ${taken} }))`,
    )
    await page.getByText('The network is being loaded').last().waitFor()
    await verdict.waitFor()
    const dropped = await shown.getAttribute('src')
    await page.evaluate(`document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: ${taken} }))`)
    await expect.poll(() => shown.getAttribute('src')).not.toBe(dropped)
    await verdict.waitFor()
    const pasted = await shown.getAttribute('src')
    await page.getByRole('button', { name: 'Use the camera' }).click()
    await expect.poll(() => page.evaluate<number>("document.querySelector('video').videoWidth")).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Take the picture' }).click()
    await expect.poll(() => shown.getAttribute('src')).not.toBe(pasted)
    await verdict.waitFor()
    await page.getByRole('button', { name: 'Close the camera' }).click()
    expect(errors).toEqual([])
  })

  it('relabels pictures by keyboard', async () => {
    const { page, errors } = await openPage(browser)
    await page.goto(`${graft.url}/datasets`)
    await page.getByRole('link', { name: /shapes/ }).click()
    const field = page.getByLabel('Class of shapes/dots/dots.0.png')
    await field.focus()
    await page.keyboard.type('stars')
    await page.keyboard.press('Escape')
    expect(await field.inputValue()).toBe('dots')
    await page.keyboard.press('Control+A')
    await page.keyboard.type('spots')
    await page.keyboard.press('Enter')
    await page.getByText('40 pictures in 3 classes').waitFor()
    expect(await field.inputValue()).toBe('spots')
    expect(errors).toEqual([])
  })

  it('goes through planted findings one by one, by keyboard', async () => {
    const { page, errors } = await openPage(browser)
    await makeDataset(page, 'planted', await plantFindings())
    await page.getByText('27 added, 0 there already, 0 rejected').waitFor()
    await page.getByRole('link', { name: 'Versions' }).click()
    await page.getByLabel('Duplicates').selectOption('HASH')
    await page.getByRole('button', { name: 'Freeze', exact: true }).click()
    await page.getByText(/Version 1 is frozen\. Kept together: [1-9]/).waitFor()
    await page.getByLabel(/As the pictures lay/).check()
    await page.getByRole('button', { name: 'Freeze', exact: true }).click()
    await page.getByText('Version 2 is frozen.').waitFor()

    await page.getByRole('link', { name: 'Health', exact: true }).click()
    await page.getByRole('button', { name: 'Look at them' }).click()
    await page.getByText('27 pictures looked at').waitFor({ timeout: 120_000 })
    await keepScreenshot(page, 'health')

    const duplicates = page.getByRole('region', { name: 'Duplicates' })
    await duplicates.focus()
    const copy = duplicates.getByAltText(/copy\.jpg/)
    for (let group = 1; (await copy.count()) === 0 && group < 10; group++) await page.keyboard.press('ArrowRight')
    await duplicates.getByText('In more than one part of version 2').waitFor()
    await duplicates.getByText('Labels differ: dots, stripes').waitFor()
    await page.keyboard.press('r')
    await expect.poll(() => duplicates.getByText('Labels differ').count()).toBe(0)
    await page.keyboard.press('x')
    await page.getByText('26 pictures in 2 classes').waitFor()

    const doubts = page.getByRole('region', { name: 'Doubtful labels' })
    const shown = () => doubts.getByRole('img').getAttribute('alt')
    await doubts.focus()
    const kept = await shown()
    await page.keyboard.press('k')
    await doubts.getByText('1 kept as it is.').waitFor()
    const doubted = await shown()
    expect(doubted).not.toBe(kept)
    await page.keyboard.press('ArrowRight')
    await doubts.getByText(/^2 of/).waitFor()
    await page.keyboard.press('ArrowLeft')
    expect(await shown()).toBe(doubted)
    await page.keyboard.press('r')
    await expect.poll(shown).not.toBe(doubted)
    await page.keyboard.press('x')
    await page.getByText('25 pictures in 2 classes').waitFor()
    expect(errors).toEqual([])
  })

  it.each([
    ['at 1440 px, light', { width: 1440, scheme: 'light' as const }],
    ['at 390 px, light', { width: 390, scheme: 'light' as const }],
    ['at 1440 px, dark', { width: 1440, scheme: 'dark' as const }],
    ['at 390 px, dark', { width: 390, scheme: 'dark' as const }],
    ['at 2560 px, light', { width: 2560, scheme: 'light' as const }],
  ])('has nothing that axe finds and nothing wider than the window, %s', async (_where, look) => {
    const { page, errors } = await openPage(browser, look)
    await page.goto(`${graft.url}/datasets`)
    const dataset = await page.getByRole('link', { name: /shapes/ }).getAttribute('href')
    const planted = await page.getByRole('link', { name: /planted/ }).getAttribute('href')
    const run = await firstRun(page)
    for (const path of [
      '/runs',
      '/datasets',
      dataset ?? '',
      `${dataset ?? ''}?view=versions`,
      `${dataset ?? ''}?view=imports`,
      `${planted ?? ''}?view=health`,
      '/models',
      '/train',
      '/classify',
      run,
    ]) {
      await page.goto(`${graft.url}${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await expect.poll(() => page.locator('[aria-busy=true]').count()).toBe(0)
      await expectAccessible(page)
      await expectNoSidewaysScroll(page)
      await expectEvenColumns(page)
      await keepScreenshot(page, `${String(look.width)}-${look.scheme}-${path.replaceAll(/[/?]/g, '_')}`)
    }
    await page.goto(`${graft.url}/classify`)
    await page.getByLabel('A picture file').setInputFiles(join(pictures, 'dots/dots.0.png'))
    await expectDrawn(page.getByRole('region', { name: 'Pictures most alike' }).getByRole('img'))
    await expect.poll(() => page.locator('[aria-busy=true]').count()).toBe(0)
    await expectAccessible(page)
    await expectNoSidewaysScroll(page)
    await keepScreenshot(page, `${String(look.width)}-${look.scheme}-classified`)
    expect(errors).toEqual([])
  })

  it('says before a run is started that the weights of the trunk are not at hand', async () => {
    const cut = await startGraftProcess({
      GRAFT_TRUNK_WEIGHTS: join(pictures, 'missing.safetensors'),
      GRAFT_IMPORT_ROOTS: pictures,
    })
    try {
      const client = createClient({ url: cut.url })
      const { createDataset: made } = await client.request(NewDatasetDocument, { name: 'shapes' })
      if (made.__typename !== 'CreateDatasetSuccess') throw new Error(made.message)
      const datasetId = made.dataset.id
      await client.request(ImportDirectoryDocument, { datasetId, directory: pictures })
      await expect.poll(() => freeze(cut.url, { datasetId, test: 0.1 })).toBe('CreateDatasetVersionSuccess')
      const faults = async () => (await client.request(SystemStateDocument, {})).system.trainers[0]?.trunkFault
      await expect.poll(faults).toContain('missing.safetensors')
      const { page, errors } = await openPage(browser)
      await page.goto(`${cut.url}/train`)
      await page.getByText('The weights of the trunk are not at hand').waitFor()
      expect(await page.getByRole('button', { name: 'Start' }).isEnabled()).toBe(true)
      await expectAccessible(page)
      await keepScreenshot(page, 'weights-missing')
      expect(errors).toEqual([])
    } finally {
      await cut.close()
    }
  })

  it('asks for a token where the server does, and keeps it for the tab', async () => {
    const guarded = await startGraftProcess({ GRAFT_TOKENS: 'studio:write:a-secret-of-the-studio' })
    try {
      const { page } = await openPage(browser)
      await page.goto(guarded.url)
      await page.getByLabel('Token').fill('wrong-secret-of-the-studio')
      await page.getByRole('button', { name: 'Use this token' }).click()
      await page.getByText('The server does not know this token.').waitFor()
      await page.getByLabel('Token').fill('a-secret-of-the-studio')
      await page.getByRole('button', { name: 'Use this token' }).click()
      await page.getByRole('heading', { name: 'Nothing has been trained yet' }).waitFor()
      await page.reload()
      await page.getByRole('heading', { name: 'Nothing has been trained yet' }).waitFor()
    } finally {
      await guarded.close()
    }
  })
})

/** Freezes a version; the name of the answer's type. */
async function freeze(url: string, { datasetId, test }: { datasetId: string; test: number }): Promise<string> {
  const fractions = { train: 0.8, validation: 0.2 - test, test }
  const { createDatasetVersion } = await createClient({ url }).request(FreezeVersionDocument, {
    input: { datasetId, split: { fractions } },
  })
  return createDatasetVersion.__typename
}

/** The whole text of the choice that begins so. */
async function optionOf(select: Locator, beginning: string): Promise<string> {
  const options = select.locator('option', { hasText: beginning })
  await options.first().waitFor({ state: 'attached' })
  return (await options.first().textContent()) ?? ''
}

/** In the browser's own language: what a drop and a paste bring, with that picture in it. */
function transferOf(picture: Uint8Array): string {
  const bytes = `Uint8Array.from(atob('${Buffer.from(picture).toString('base64')}'), (character) => character.charCodeAt(0))`
  const file = `new File([${bytes}], 'picture.png', { type: 'image/png' })`
  return `(() => { const transfer = new DataTransfer(); transfer.items.add(${file}); return transfer })()`
}

/** Other pictures than were learnt from; what the first one shows is told. */
async function classifyByName(alias: string, count: number): Promise<void> {
  const client = createClient({ url: graft.url })
  for (let i = 0; i < count; i++) {
    const { id } = await client.classify(await drawPicture(i % 2, 300 + i), { alias })
    if (i === 0) await client.request(CorrectPredictionDocument, { predictionId: id, correctLabel: 'dots' })
  }
}

async function firstRun(page: Page): Promise<string> {
  await page.goto(`${graft.url}/runs`)
  return (await page.getByRole('link', { name: 'first', exact: true }).getAttribute('href')) ?? ''
}
