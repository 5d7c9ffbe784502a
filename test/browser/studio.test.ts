import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawPicture } from '../trainer/fixture.js'
import { layOut } from '../datasets/pictures.js'
import { type GraftProcess, startGraftProcess } from '../graft-process.js'
import { expectAccessible, expectNoSidewaysScroll, keepScreenshot, openBrowser, openPage } from './browser.js'

let graft: GraftProcess
let browser: Browser
let pictures: string

beforeAll(async () => {
  ;[graft, browser] = await Promise.all([startGraftProcess({ GRAFT_KEEP_PREDICTION_IMAGES: 'true' }), openBrowser()])
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

describe('the studio', () => {
  it('leads from nothing to a classified picture', async () => {
    const { page, errors } = await openPage(browser)
    await page.goto(graft.url)
    await page.getByRole('heading', { name: 'Nothing has been trained yet' }).waitFor()
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
    await page.getByText(/multiple of 32/).waitFor()
    await fillTrainForm(page, { 'Picture size': '32' })
    await page.getByRole('button', { name: 'Start' }).click()

    await page.getByText('Succeeded').waitFor({ timeout: 180_000 })
    expect(await shownEpochs(page)).toEqual([1, 2, 3])
    await page
      .getByRole('button', { name: /of dots taken for dots|of stripes taken for stripes/ })
      .first()
      .click()
    await page.getByRole('heading', { name: /taken for/ }).waitFor()
    await expectAccessible(page)

    await page.getByRole('link', { name: 'Classify with it' }).first().click()
    await page.getByLabel('A picture file').setInputFiles(join(pictures, 'dots/dots.0.png'))
    await page.getByRole('heading', { name: /^(dots|stripes), [\d.]+ %$/ }).waitFor()
    await page.getByRole('button', { name: 'It is right' }).click()
    await page.getByText(/^Noted: it is/).waitFor()
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
    const run = await firstRun(page)
    for (const path of [
      '/runs',
      '/datasets',
      dataset ?? '',
      `${dataset ?? ''}?view=versions`,
      `${dataset ?? ''}?view=imports`,
      '/train',
      '/classify',
      run,
    ]) {
      await page.goto(`${graft.url}${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await expect.poll(() => page.locator('[aria-busy=true]').count()).toBe(0)
      await expectAccessible(page)
      await expectNoSidewaysScroll(page)
      await keepScreenshot(page, `${String(look.width)}-${look.scheme}-${path.replaceAll(/[/?]/g, '_')}`)
    }
    expect(errors).toEqual([])
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

async function firstRun(page: Page): Promise<string> {
  await page.goto(`${graft.url}/runs`)
  return (await page.getByRole('link', { name: 'first', exact: true }).getAttribute('href')) ?? ''
}
