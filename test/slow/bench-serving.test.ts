import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { projectFile } from '../../src/config/project-root.js'

it('measures serving beside a bare loop where there is no Python, and says so', async () => {
  const { GRAFT_BENCH_PYTHON: _, ...env } = process.env
  const sizes = ['--rounds', '1', '--requests', '1', '--seconds', '5', '--checkpoints', '2']
  const program = projectFile('dist', 'bench', 'serving.js')
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...sizes], { env })
  expect(stderr).toContain('GRAFT_BENCH_PYTHON')
  const rows = stdout.trim().split('\n').slice(2)
  expect(rows[0]).toMatch(/^\| one at a time, p50, against a bare loop +\| +[\d.]+ ms \| +[\d.]+ ms \| +[\d.]+x \|$/)
  expect(rows.filter((row) => row.includes('16 at once, against a bare loop'))).toHaveLength(1)
  expect(rows.filter((row) => row.includes('FastAPI'))).toEqual([])
})
