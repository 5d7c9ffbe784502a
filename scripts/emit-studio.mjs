// `node scripts/emit-studio.mjs FOLDER` writes the studio's pages there, with a compressed copy beside each text.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'vite'

const STUDIO = fileURLToPath(new URL('../studio', import.meta.url))
const target = process.argv[2]

await build({
  configFile: join(STUDIO, 'vite.config.ts'),
  logLevel: 'error',
  build: { outDir: target, emptyOutDir: true },
})

for (const name of await readdir(target, { recursive: true })) {
  if (!/\.(html|js|css|svg)$/.test(name)) continue
  const bytes = await readFile(join(target, name))
  await writeFile(join(target, `${name}.gz`), gzipSync(bytes, { level: 9 }))
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11 }
  await writeFile(join(target, `${name}.br`), brotliCompressSync(bytes, { params: quality }))
}
