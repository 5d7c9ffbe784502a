/** A page that shows how to load an export. It runs nothing and loads nothing: what it says is for copying. */
import { createHash } from 'node:crypto'
import { examplesOf, type Example, type ExportFacts } from './export.examples.js'

export interface PageFacts extends ExportFacts {
  readonly sha256: string
  readonly byteSize: number
  readonly expiresAt: Date
  /** Of the file, from the page. */
  readonly href: string
}

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; overflow-wrap: anywhere }
h2 { font-size: 1.15rem; margin-top: 2rem }
pre { overflow: auto; padding: 1rem; border: 1px solid; border-radius: .5rem; font-size: .85rem }
code { user-select: all; overflow-wrap: anywhere }
`

/** Nothing but that style: whatever a label or a name holds, it does nothing here. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  ...["frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"],
].join('; ')

export function exportPage(facts: PageFacts): string {
  const { fileName, sha256, byteSize, expiresAt, href, imageSize, labels } = facts
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(fileName)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(fileName)}</h1>
<p><a href="${escaped(href)}">Fetch the file</a>: ${(byteSize / 1e6).toFixed(1)} MB, until
<time datetime="${expiresAt.toISOString()}">${expiresAt.toUTCString()}</time>. This page is there as long.</p>
<p>Its sha256 is <code>${escaped(sha256)}</code>.</p>
<p>A ResNet-50 that tells ${String(labels.length)} classes apart, from the middle of pictures, ${String(imageSize)} pixels wide
and high: ${escaped(labels.slice(0, SHOWN_LABELS).join(', '))}${labels.length > SHOWN_LABELS ? ', …' : ''}.</p>
<p>A click on a program selects all of it. Save it beside the file.</p>
${examplesOf(facts).map(section).join('\n')}
</main>
</body>
</html>
`
}

const SHOWN_LABELS = 20

/** Boxes that scroll can be reached by keyboard. */
function section({ title, needs, saveAs, code }: Example): string {
  return `<h2>${escaped(title)}</h2>
<pre tabindex="0"><code>${escaped(needs)}</code></pre>
<p><code>${escaped(saveAs)}</code>:</p>
<pre tabindex="0"><code data-file="${escaped(saveAs)}">${escaped(code)}</code></pre>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
