import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestServer, type TestServer } from './server.js'

let server: TestServer

beforeAll(async () => {
  server = await createTestServer()
  const dataset = await server.database.prisma.dataset.create({ data: { name: 'large' } })
  await server.database.prisma.$executeRaw`
    INSERT INTO image (id, dataset_id, label, file_name, sha256, format, width, height, byte_size)
    SELECT gen_random_uuid(), ${dataset.id}::uuid, CASE WHEN n % 2 = 0 THEN 'cat' ELSE 'dog' END, n || '.jpg',
      encode(sha256(n::text::bytea), 'hex'), 'jpeg', 64, 64, 1000
    FROM generate_series(1, 25000) AS n`
})

afterAll(() => server.close())

describe('25,000 pictures', () => {
  it('are frozen within seconds', async () => {
    const { data } = await server.ask<{ dataset: { id: string } }>('{ dataset(name: "large") { id } }')
    const startedAt = performance.now()
    const created = await server.ask<{ createDatasetVersion: unknown }>(
      `mutation($id: ID!) { createDatasetVersion(input: { datasetId: $id }) {
        ... on CreateDatasetVersionSuccess { datasetVersion { digest splits { imageCount } images(first: 1) { totalCount } } }
      } }`,
      { id: data?.dataset.id },
    )
    const seconds = (performance.now() - startedAt) / 1000
    expect(created.data?.createDatasetVersion).toMatchObject({
      datasetVersion: {
        splits: [{ imageCount: 20_000 }, { imageCount: 2500 }, { imageCount: 2500 }],
        images: { totalCount: 25_000 },
      },
    })
    expect(seconds).toBeLessThan(15)
  })
})
