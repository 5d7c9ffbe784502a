import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { memoryLine, tableOf, timeLine } from '../../bench/table.js'
import { projectFile } from '../../src/config/project-root.js'

const run = promisify(execFile)

it('measures Graft alone where there is no Python, and says so', async () => {
  const { GRAFT_BENCH_PYTHON: _, ...env } = process.env
  const { stdout, stderr } = await run(
    process.execPath,
    [projectFile('dist', 'bench', 'bench.js'), '--pictures', '12', '--image-size', '32', '--only', 'fine-tuning'],
    { env },
  )
  expect(stderr).toContain('GRAFT_BENCH_PYTHON')
  const rows = stdout.trim().split('\n').slice(2)
  expect(rows).toHaveLength(process.platform === 'linux' ? 3 : 2)
  expect(rows[0]).toMatch(/^\| 8\/2\/2 pictures at 32 px, 10 epochs .* \| +[\d.]+ m?s \| +- \| +- \|$/)
})

it('writes a Markdown table whose ratio is theirs by ours', () => {
  const lines = [
    timeLine({ what: 'a run', ours: 2, theirs: 240 }),
    timeLine({ what: 'a step', ours: 0.0125, theirs: 0.01 }),
    memoryLine({ what: 'memory', ours: 1e9, theirs: undefined }),
  ]
  expect(tableOf(lines)).toBe(
    [
      '|        |   Graft | PyTorch |  ratio |',
      '| ------ | ------: | ------: | -----: |',
      '| a run  |   2.0 s | 240.0 s |   120x |',
      '| a step | 12.5 ms | 10.0 ms | 0.800x |',
      '| memory | 1000 MB |       - |      - |',
    ].join('\n'),
  )
})
