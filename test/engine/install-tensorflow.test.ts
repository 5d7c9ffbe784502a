import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { InstallError } from '../../src/engine/native/command.js'
import { installTensorflow } from '../../src/engine/native/install-tensorflow.js'
import { ensureLibraries } from '../../src/engine/native/libraries.js'
import { TENSORFLOW_RELEASES, type Variant, type Wheel } from '../../src/engine/native/tensorflow-release.js'

const hasPip = spawnSync('python3', ['-m', 'pip', '--version']).status === 0

describe('Installing the native TensorFlow', () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'graft-cache-'))
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await rm(directory, { recursive: true, force: true })
  })

  const install = (variant: Variant, platform: string): Promise<string> =>
    installTensorflow({ variant, cacheDirectory: directory, say: () => undefined, platform })

  it.each(['cpu', 'gpu'] as const)('says on an unsupported platform what there is for it (%s)', async (variant) => {
    await expect(install(variant, 'sunos-sparc')).rejects.toThrow(InstallError)
    await expect(install(variant, 'sunos-sparc')).rejects.toThrow(/linux-x64, not for sunos-sparc.*WebAssembly/)
  })

  it('says that python3 is missing, before it fetches anything', async () => {
    vi.stubEnv('PATH', directory)
    await expect(install('gpu', 'linux-x64')).rejects.toThrow(/python3 is missing.*apt-get install python3 python3-pip/)
  })

  it('says that pip is missing', async () => {
    await writeFile(join(directory, 'python3'), '#!/bin/sh\necho "No module named pip" >&2\nexit 1\n')
    await chmod(join(directory, 'python3'), 0o755)
    vi.stubEnv('PATH', directory)
    await expect(install('cpu', 'linux-x64')).rejects.toThrow(/no pip.*apt-get install python3-pip/)
  })

  it.skipIf(!hasPip)('says that the compiler is missing', async () => {
    const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)']).toString().trim()
    await symlink(python, join(directory, 'python3'))
    vi.stubEnv('PATH', directory)
    await expect(install('cpu', 'linux-x64')).rejects.toThrow(/g\+\+ is missing.*apt-get install g\+\+/)
  })

  it('pins each wheel to one version and one file', () => {
    const wheels = Object.values(TENSORFLOW_RELEASES).flatMap((of) =>
      Object.values(of).flatMap((release) => release.wheels),
    )
    for (const { requirement, sha256 } of wheels) {
      expect(requirement).toMatch(/^[a-z0-9-]+==[\d.]+$/)
      expect(sha256).toMatch(/^[0-9a-f]{64}$/)
    }
    expect(new Set(wheels.map(({ sha256 }) => sha256)).size).toBe(wheels.length)
  })
})

/** A package index as pip knows them, with a wheel that we make. */
describe.skipIf(!hasPip)('Fetching the libraries', () => {
  let directory: string
  let server: Server
  let files: Map<string, Buffer>
  let breakOff: number
  let asked: string[]

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'graft-cache-'))
    files = new Map()
    asked = []
    breakOff = 0
    server = createServer((request, response) => {
      const [, kind, name = ''] = (request.url ?? '').split('/')
      if (kind === 'simple') {
        const links = [...files.keys()].filter((file) => file.startsWith(name.replaceAll('-', '_')))
        response.setHeader('content-type', 'text/html')
        response.end(links.map((file) => `<a href="/files/${file}">${file}</a>`).join(''))
        return
      }
      asked.push(name)
      const bytes = files.get(name) ?? Buffer.alloc(0)
      response.writeHead(200, { 'content-length': bytes.length })
      if (breakOff-- > 0) response.write(bytes.subarray(0, 100), () => response.destroy())
      else response.end(bytes)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    vi.stubEnv('PIP_INDEX_URL', `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/simple`)
    vi.stubEnv('PIP_CONFIG_FILE', '/dev/null')
    vi.stubEnv('PIP_FIND_LINKS', '')
    vi.stubEnv('PIP_NO_CACHE_DIR', '1')
    vi.stubEnv('PIP_RETRIES', '0')
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await rm(directory, { recursive: true, force: true })
  })

  const offer = async (name: string, contents: Record<string, string>): Promise<Wheel> => {
    const file = `${name}-1.0-py3-none-any.whl`
    const script =
      'import json, sys, zipfile\nz = zipfile.ZipFile(sys.argv[1], "w")\n' +
      'for name, text in json.loads(sys.argv[2]).items():\n' +
      '    info = zipfile.ZipInfo(name)\n    info.external_attr = (0o100755 if "/bin/" in name else 0o100644) << 16\n' +
      '    z.writestr(info, text)\nz.close()'
    const metadata = {
      [`${name}-1.0.dist-info/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`,
      [`${name}-1.0.dist-info/WHEEL`]: 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
      [`${name}-1.0.dist-info/RECORD`]: '',
    }
    execFileSync('python3', ['-c', script, join(directory, file), JSON.stringify({ ...contents, ...metadata })])
    const bytes = await readFile(join(directory, file))
    files.set(file, bytes)
    return {
      requirement: `${name}==1.0`,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      platform: 'any',
      bytes: bytes.length,
      keptBytes: 1000,
      keep: /^nvidia\/\w+\/(lib|bin)\/.+$/,
    }
  }
  const folder = (): string => join(directory, 'release')
  const fetchAll = async (...wheels: Wheel[]): Promise<string[]> => {
    const lines: string[] = []
    await ensureLibraries({ folder: 'release', wheels }, folder(), (line) => lines.push(line))
    return lines
  }
  const TOOLS = { 'nvidia/a/lib/liba.so': 'library', 'nvidia/a/bin/tool': 'tool', 'nvidia/a/include/a.h': 'header' }

  it('unpacks what is kept where it is in the wheel, programs executable, and leaves nothing else', async () => {
    await fetchAll(await offer('a', TOOLS))
    expect(await readFile(join(folder(), 'nvidia/a/lib/liba.so'), 'utf8')).toBe('library')
    expect((await stat(join(folder(), 'nvidia/a/bin/tool'))).mode & 0o777).toBe(0o755)
    expect((await readdir(join(folder(), 'nvidia/a'))).sort()).toEqual(['bin', 'lib'])
    expect((await readdir(folder())).sort()).toEqual(['nvidia', 'unpacked'])
  })

  it('goes on after a break with the wheels that are missing', async () => {
    const a = await offer('a', TOOLS)
    const b = await offer('b', { 'nvidia/b/lib/libb.so': 'second' })
    await expect(fetchAll(a, { ...b, sha256: '0'.repeat(64) })).rejects.toThrow(InstallError)
    asked = []
    expect(await fetchAll(a, b)).toEqual([expect.stringMatching(/^Fetching b==1\.0/)])
    expect(asked).toEqual(['b-1.0-py3-none-any.whl'])
    expect(await fetchAll(a, b)).toEqual([])
  })

  it('tries again where the connection breaks off', async () => {
    const a = await offer('a', TOOLS)
    breakOff = 1
    await fetchAll(a)
    expect(await readFile(join(folder(), 'nvidia/a/lib/liba.so'), 'utf8')).toBe('library')
  })

  it('refuses a file with another sha256 and keeps nothing of it', async () => {
    const a = await offer('a', TOOLS)
    await expect(fetchAll({ ...a, sha256: '1'.repeat(64) })).rejects.toThrow(/pinned sha256/)
    await mkdir(join(folder(), 'unpacked'), { recursive: true })
    expect(await readdir(join(folder(), 'unpacked'))).toEqual([])
  })

  it('says how much space is missing before it fetches', async () => {
    const a = await offer('a', TOOLS)
    await expect(fetchAll({ ...a, keptBytes: 9e18 })).rejects.toThrow(/has [\d.]+ GB free.*XDG_CACHE_HOME/)
    expect(asked).toEqual([])
  })
})
