/** A real Chromium that reaches nothing but this machine. */
import { AxeBuilder } from '@axe-core/playwright'
import { join } from 'node:path'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { expect } from 'vitest'

const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  // A camera that shows a moving pattern, and that nobody is asked about.
  ...['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
]

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: FLAGS })
}

export interface Look {
  readonly width?: number
  readonly scheme?: 'light' | 'dark'
}

/** A page whose errors fail the test that asks for them at its end. */
export async function openPage(browser: Browser, { width = 1440, scheme = 'light' }: Look = {}) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.setDefaultTimeout(120_000)
  return { page, errors }
}

/** Kept where SCREENSHOTS names a folder, for people to look at. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS']
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

/** WCAG 2.2 A and AA, and best practices, as axe-core checks them. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual(
    [],
  )
}

/** There are such pictures, and the first of them has arrived and can be shown. */
export async function expectDrawn(images: Locator): Promise<void> {
  await images.first().scrollIntoViewIfNeeded()
  const width = (): Promise<number> =>
    images.first().evaluate((image: unknown) => (image as { naturalWidth: number }).naturalWidth)
  await expect.poll(width).toBeGreaterThan(0)
}

/** Nothing is wider than the window. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
  expect(over).toBeLessThanOrEqual(0)
}

/** All pictures of the page's galleries are as wide as one another, however long what stands below them. */
export async function expectEvenColumns(page: Page): Promise<void> {
  const widths = await page.evaluate<number[]>(
    "[...document.querySelectorAll('.gallery > li')].map((cell) => Math.round(cell.getBoundingClientRect().width))",
  )
  expect(Math.max(0, ...widths) - Math.min(...widths, Infinity)).toBeLessThanOrEqual(1)
}

/** What came over the line for the page so far, as it came: compressed, with its headers. */
export async function loadedBytes(page: Page): Promise<number> {
  const bytes = await page.evaluate<number>(
    "['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type)).reduce((sum, entry) => sum + entry.transferSize, 0)",
  )
  expect(bytes).toBeGreaterThan(0)
  return bytes
}
