// `node scripts/run.mjs NAME …` runs NAME.js of dist's src, cli or bench, built if need be, in this very process: a signal
// to it reaches the program, with nothing between that could swallow it.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './build.mjs'

const [, , name = '', ...parameters] = process.argv

try {
  await ensureBuilt()
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}

const program = ['src', 'cli', 'bench']
  .map((folder) => new URL(`../dist/${folder}/${name}.js`, import.meta.url))
  .find((url) => existsSync(url))

if (program === undefined) {
  process.stderr.write(`There is no program "${name}" in src, cli or bench.\n`)
  process.exit(1)
}
process.argv = [process.argv[0], fileURLToPath(program), ...parameters]
await import(program.href)
