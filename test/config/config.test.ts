import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError, loadConfig } from '../../src/config/config.js'

const SECRET = 'abcdefghijklmnop'

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('loadConfig', () => {
  it('has a default for everything', () => {
    expect(loadConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      databaseUrl: undefined,
      dataDir: resolve('data'),
      storage: { kind: 'file', directory: resolve('data/blobs') },
      engine: 'auto',
      importRoots: [resolve('data/imports')],
      tokens: [],
      maxImageBytes: 29_000_000,
      maxPixels: 64_000_000,
      featureCacheBytes: 20_000_000_000,
      trainerSlots: 1,
      stallSeconds: 600,
      limits: { depth: 15, aliases: 50, rootFields: 20, directives: 50, nodes: 100, queryBytes: 100_000 },
    })
  })

  it('counts a variable that is set to nothing as not set', () => {
    expect(loadConfig({ PORT: '', GRAFT_DATA_DIR: ' ', GRAFT_TOKENS: '' })).toEqual(loadConfig({}))
  })

  it('gives an object that nobody can change', () => {
    const config = loadConfig({ GRAFT_TOKENS: `studio:write:${SECRET}` })
    expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError)
    expect(() => Object.assign(config.limits, { depth: 99 })).toThrow(TypeError)
    expect(Object.isFrozen(config.tokens[0]?.scopes)).toBe(true)
  })

  it("puts the data folder's parts below it, as absolute paths", () => {
    const config = loadConfig({ GRAFT_DATA_DIR: '/srv/graft/../graft' })
    expect(config.storage).toEqual({ kind: 'file', directory: '/srv/graft/blobs' })
    expect(config.importRoots).toEqual(['/srv/graft/imports'])
  })

  it('reads what is set', () => {
    const config = loadConfig({
      PORT: '0',
      DATABASE_URL: 'postgresql://u:p@db:5432/graft',
      GRAFT_STORAGE_URL: 'file:///srv/blobs',
      GRAFT_IMPORT_ROOTS: '/a:b',
      GRAFT_PUBLIC_URL: 'https://graft.example.org/',
      GRAFT_ORIGINS: 'https://studio.example.org, http://localhost:5173',
      GRAFT_MAX_IMAGE_BYTES: '1.5 MB',
      GRAFT_FEATURE_CACHE_BYTES: '2GB',
      GRAFT_KEEP_PREDICTION_IMAGES: 'true',
      GRAFT_MAX_DEPTH: '7',
    })
    expect(config).toMatchObject({
      port: 0,
      databaseUrl: 'postgresql://u:p@db:5432/graft',
      storage: { directory: '/srv/blobs' },
      importRoots: ['/a', resolve('b')],
      publicUrl: 'https://graft.example.org',
      origins: ['https://studio.example.org', 'http://localhost:5173'],
      maxImageBytes: 1_500_000,
      featureCacheBytes: 2_000_000_000,
      keepPredictionImages: true,
      limits: { depth: 7 },
    })
  })

  it.each(['postgresql://u:secret#pw@127.0.0.1:1/x', 'postgres://u:p@127.0.0.1:99999/x'])(
    'says what may be wrong with the database address %s, without showing it',
    (url) => {
      const [problem] = problemsOf({ DATABASE_URL: url })
      expect(problem).toMatch(/^DATABASE_URL: not an address.*percent-encoded/)
      expect(problem).not.toContain('secret')
    },
  )

  it('takes weights over https, and over http from this machine only', () => {
    const path = 'example.org/resnet50.pth'
    expect(problemsOf({ GRAFT_TRUNK_WEIGHTS: `http://${path}` })).toEqual([
      expect.stringMatching(/^GRAFT_TRUNK_WEIGHTS: .*not an https address/),
    ])
    expect(problemsOf({ GRAFT_TRUNK_WEIGHTS: `https://${path}` })).toEqual([])
    expect(problemsOf({ GRAFT_TRUNK_WEIGHTS: 'http://127.0.0.1:1/resnet50.pth' })).toEqual([])
  })

  it("says everything that is wrong at once, each by the setting's name", () => {
    const problems = problemsOf({
      HOST: '0.0.0.0',
      PORT: '70000',
      DATABASE_URL: 'mysql://db',
      GRAFT_STORAGE_URL: 's3://Bucket',
      GRAFT_ENGINE: 'cuda',
      GRAFT_TRUNK_PRECISION: 'int4',
      GRAFT_ORIGINS: 'https://a.example/path',
      GRAFT_MAX_DEPTH: '-1',
      GRAFT_MAX_IMAGE_BYTES: 'much',
    })
    const expected = [
      /^PORT: "70000" is not a whole number from 0 to 65535/,
      /^DATABASE_URL: not an address such as postgresql:/,
      /^GRAFT_STORAGE_URL: "s3:\/\/Bucket" is not s3:\/\/bucket\/prefix/,
      /^GRAFT_ENGINE: use auto, tensorflow, webgpu, wasm or cpu/,
      /^GRAFT_TRUNK_PRECISION: use fp32 or int8/,
      /^GRAFT_ORIGINS.*: not web origins/,
      /^GRAFT_MAX_DEPTH: "-1" is not/,
      /^GRAFT_MAX_IMAGE_BYTES: "much" is not a positive number of bytes/,
      /^HOST: "0\.0\.0\.0" is reachable from other machines/,
      /^AWS_REGION: name the bucket's region/,
    ]
    for (const pattern of expected) expect(problems).toContainEqual(expect.stringMatching(pattern))
    expect(problems).toHaveLength(expected.length)
  })
})

describe('storage in S3', () => {
  const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' }

  it('is a bucket and a prefix, with what AWS calls its settings', () => {
    const { storage } = loadConfig({
      ...keys,
      GRAFT_STORAGE_URL: 's3://pictures/of/cats/',
      GRAFT_DATA_DIR: '/srv/graft',
      AWS_REGION: 'eu-central-1',
    })
    expect(storage).toEqual({
      ...{ kind: 's3', bucket: 'pictures', prefix: 'of/cats/', region: 'eu-central-1', endpoint: undefined },
      ...{ pathStyle: false, credentials: { accessKeyId: 'id', secretAccessKey: 'secret' } },
      ...{ cacheDirectory: '/srv/graft/cache/s3', cacheBytes: 10e9 },
    })
  })

  it('is at an endpoint of its own, where the bucket is a part of the path unless told otherwise', () => {
    const env = { GRAFT_STORAGE_URL: 's3://graft', AWS_ENDPOINT_URL_S3: 'http://minio:9000' }
    expect(loadConfig(env).storage).toMatchObject({ endpoint: 'http://minio:9000', pathStyle: true, prefix: '' })
    expect(loadConfig({ ...env, GRAFT_S3_PATH_STYLE: 'false' }).storage).toMatchObject({ pathStyle: false })
  })

  it('needs a region or an endpoint, and both halves of a key', () => {
    const problems = problemsOf({ GRAFT_STORAGE_URL: 's3://graft', AWS_ACCESS_KEY_ID: 'alone' })
    expect(problems).toEqual([
      expect.stringMatching(/^AWS_REGION: name the bucket's region/),
      expect.stringMatching(/^AWS_ACCESS_KEY_ID: set it and AWS_SECRET_ACCESS_KEY together/),
    ])
    const elsewhere = { GRAFT_STORAGE_URL: 's3://graft', AWS_ENDPOINT_URL: 'minio:9000' }
    expect(problemsOf(elsewhere)).toEqual([expect.stringMatching(/^AWS_ENDPOINT_URL: "minio:9000" is not an address/)])
  })

  it("leaves AWS's settings alone where storage is a folder", () => {
    expect(problemsOf({ AWS_ENDPOINT_URL: 'nonsense', AWS_ACCESS_KEY_ID: 'alone' })).toEqual([])
  })
})

describe('the address', () => {
  it.each(['127.0.0.1', '127.1.2.3', '::1', '0:0:0:0:0:0:0:1', 'localhost'])('%s needs no tokens', (host) => {
    expect(loadConfig({ HOST: host }).host).toBe(host)
  })

  it.each(['0.0.0.0', '::', '192.168.1.5', 'graft.example.org', '::ffff:10.0.0.1', '12.7.0.1', '::10:1'])(
    '%s is refused without tokens, and the message says how to set them',
    (host) => {
      expect(problemsOf({ HOST: host })).toEqual([expect.stringMatching(/without tokens.*Set GRAFT_TOKENS/)])
      expect(problemsOf({ HOST: host, GRAFT_TOKENS: `studio:write:${SECRET}` })).toEqual([])
    },
  )

  it('stays refused when the tokens are nothing but blanks', () => {
    expect(problemsOf({ HOST: '0.0.0.0', GRAFT_TOKENS: '  ' })).toHaveLength(1)
  })
})

describe('tokens', () => {
  it('have a name, scopes and a secret', () => {
    const { tokens } = loadConfig({ GRAFT_TOKENS: `app:read+classify:${SECRET},ops:admin:${SECRET}2` })
    expect(tokens).toEqual([
      { name: 'app', scopes: ['read', 'classify'], secret: SECRET },
      { name: 'ops', scopes: ['admin'], secret: `${SECRET}2` },
    ])
  })

  it('are refused by their place, never with their text', () => {
    const problems = problemsOf({ GRAFT_TOKENS: `a:read:tooshort,b:root:${SECRET},c:read:with:colon${SECRET},d` })
    expect(problems).toEqual([
      expect.stringMatching(/token 1: a secret is 16 characters/),
      expect.stringMatching(/token 2: scopes are read, classify, write, admin/),
      expect.stringMatching(/token 3 is not name:scope\+scope:secret/),
      expect.stringMatching(/token 4 is not/),
    ])
    expect(problems.join()).not.toMatch(/tooshort|abcdef/)
  })

  it('are refused when two have one secret, or one name', () => {
    expect(problemsOf({ GRAFT_TOKENS: `a:read:${SECRET},b:read:${SECRET}` })).toEqual([
      expect.stringContaining('the same secret'),
    ])
    expect(problemsOf({ GRAFT_TOKENS: `a:read:${SECRET},a:read:${SECRET}2` })).toEqual([
      expect.stringContaining('the same name'),
    ])
  })
})

describe("the trunk's weights", () => {
  it('are a file, or random when that is asked for', () => {
    expect(loadConfig({ GRAFT_TRUNK_WEIGHTS: 'w/r50.safetensors' }).trunkWeights).toEqual({
      kind: 'file',
      path: resolve('w/r50.safetensors'),
    })
    expect(loadConfig({ GRAFT_TRUNK_WEIGHTS: 'random' }).trunkWeights).toEqual({ kind: 'random' })
  })

  it('are fetched where an address is given, and ImageNet by default', () => {
    const url = 'https://example.org/r50.safetensors'
    expect(loadConfig({ GRAFT_TRUNK_WEIGHTS: url }).trunkWeights).toEqual({ kind: 'remote', url })
    expect(loadConfig({ GRAFT_TRUNK_WEIGHTS: 'imagenet-v1' }).trunkWeights).toEqual(loadConfig({}).trunkWeights)
    expect(loadConfig({ GRAFT_TRUNK_WEIGHTS: 'imagenet-v2' }).trunkWeights).toEqual({
      kind: 'remote',
      url: expect.stringMatching(/\/resnet50-11ad3fa6\.pth$/) as string,
    })
    expect(loadConfig({}).trunkWeights).toEqual({
      kind: 'remote',
      url: expect.stringMatching(/\/resnet50-0676ba61\.pth$/) as string,
    })
  })

  it('of no known kind are refused', () => {
    expect(problemsOf({ GRAFT_TRUNK_WEIGHTS: 'resnet50' })).toEqual([
      expect.stringMatching(/none of imagenet-v1, imagenet-v2, random, nor a path or address/),
    ])
  })
})
