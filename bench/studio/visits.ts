/** What a person's browser goes through with the studio: until there is something to see, and while it is scrolled. */
import type { Browser, CDPSession, Page } from 'playwright-core'

export interface Visit {
  /** From the address to the first row, in a browser that has been here, and in one that has not. */
  readonly firstRowMs: { readonly cold: number; readonly warm: number }
  readonly firstLoadBytes: number
  readonly scrolled: Scrolled
}

interface Scrolled {
  /** That were fetched by scrolling down as quickly as the page goes along. */
  readonly items: number
  readonly seconds: number
  /** Longest times in which the page answered nothing. */
  readonly blockedMs: readonly number[]
  readonly requests: number
  readonly elements: number
  readonly heapBytes: number
}

export interface Place {
  readonly url: string
  /** CSS: what holds the items, and each of them. */
  readonly list: string
  readonly item: string
}

const VIEW = { width: 1440, height: 900 }

/** @param most items that are to be fetched by scrolling */
export async function visit(browser: Browser, place: Place, most: number): Promise<Visit> {
  const context = await browser.newContext({ viewport: VIEW })
  try {
    const page = await context.newPage()
    const devtools = await context.newCDPSession(page)
    const loaded = await countBytes(devtools)
    const cold = await untilFirstRow(page, place)
    const firstLoadBytes = loaded()
    const warm = await untilFirstRow(page, place)
    return { firstRowMs: { cold, warm }, firstLoadBytes, scrolled: await scroll(page, place, { most, devtools }) }
  } finally {
    await context.close()
  }
}

async function untilFirstRow(page: Page, { url, item }: Place): Promise<number> {
  const startedAt = performance.now()
  await page.goto(url)
  await page.locator(item).first().waitFor()
  return performance.now() - startedAt
}

/** Of pages, scripts and styles, as they came over the line. */
async function countBytes(devtools: CDPSession): Promise<() => number> {
  let bytes = 0
  await devtools.send('Network.enable')
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  return () => bytes
}

const WATCH = `window.blocked = []
new PerformanceObserver((list) => blocked.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' })`

async function scroll(
  page: Page,
  place: Place,
  { most, devtools }: { most: number; devtools: CDPSession },
): Promise<Scrolled> {
  let requests = 0
  page.on('request', (request) => {
    if (request.method() === 'POST') requests++
  })
  await page.evaluate(WATCH)
  const itemsAPixel = await density(page, place)
  const itemsNow = async (): Promise<number> =>
    Math.round(itemsAPixel * (await page.evaluate<number>(`document.querySelector('${place.list}').offsetHeight`)))
  const startedAt = performance.now()
  await page.mouse.move(VIEW.width / 2, VIEW.height / 2)
  while ((await itemsNow()) < most) await page.mouse.wheel(0, VIEW.height)
  const items = await itemsNow()
  const seconds = (performance.now() - startedAt) / 1000
  const blockedMs = (await page.evaluate<number[]>('blocked')).sort((a, b) => b - a).slice(0, 3)
  await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize: heapBytes } = await devtools.send('Runtime.getHeapUsage')
  const elements = await page.locator('*').count()
  return { items, seconds, blockedMs, requests, elements, heapBytes }
}

/** Items in a row, by a row's height. */
async function density(page: Page, { item }: Place): Promise<number> {
  const [first, ...others] = await Promise.all((await page.locator(item).all()).map((each) => each.boundingBox()))
  if (!first) throw new Error('There is no item')
  const below = others.find((box) => box !== null && box.y > first.y)
  const beside = others.filter((box) => box?.y === first.y).length
  return (1 + beside) / ((below?.y ?? first.y + first.height) - first.y)
}
