/** What classifying comes to without Graft: sharp, ONNX Runtime as it comes, and one durable insert, in a loop. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { Client } from 'pg'
import sharp from 'sharp'
import { MEAN, STANDARD_DEVIATION } from '../../src/images/image.tensor.js'
import { networkGraph } from '../../src/network/network.graph.js'
import type { StateDict } from '../../src/network/weights.js'

export interface BareNetwork {
  /** Resolves once what it says of each is committed. */
  readonly classify: (pictures: readonly Buffer[]) => Promise<void>
  close(): Promise<void>
}

const SIZE = 224
const RESIZED = 256
const MARGIN = (RESIZED - SIZE) / 2

export async function openBareNetwork(network: StateDict, databaseUrl: string): Promise<BareNetwork> {
  const session = await InferenceSession.create(networkGraph(network, { imageSize: SIZE, metadata: {} }))
  const database = new Client({ connectionString: databaseUrl })
  await database.connect()
  await database.query('CREATE TABLE bare (id bigserial PRIMARY KEY, scores float8[] NOT NULL)')
  return {
    classify: async (pictures) => {
      const images = new Float32Array(pictures.length * 3 * SIZE * SIZE)
      await Promise.all(
        pictures.map(async (bytes, i) => {
          images.set(await preprocess(bytes), i * 3 * SIZE * SIZE)
        }),
      )
      const tensor = new Tensor('float32', images, [pictures.length, 3, SIZE, SIZE])
      const { probabilities } = await session.run({ images: tensor })
      const rows = rowsOf(probabilities?.data as Float32Array, pictures.length)
      await database.query(
        'INSERT INTO bare (scores) SELECT ARRAY(SELECT jsonb_array_elements_text(row)::float8) FROM jsonb_array_elements($1::jsonb) AS row',
        [JSON.stringify(rows)],
      )
    },
    close: async () => {
      await session.release()
      await database.end()
    },
  }
}

async function preprocess(bytes: Buffer): Promise<Float32Array> {
  const { data, info } = await sharp(bytes)
    .resize(RESIZED, RESIZED, { fit: 'cover' })
    .extract({ left: MARGIN, top: MARGIN, width: SIZE, height: SIZE })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const pixels = new Float32Array(3 * SIZE * SIZE)
  for (const [channel, mean] of MEAN.entries()) {
    const deviation = STANDARD_DEVIATION[channel] as number
    for (let i = 0; i < SIZE * SIZE; i++)
      pixels[channel * SIZE * SIZE + i] = ((data[i * info.channels + channel] as number) / 255 - mean) / deviation
  }
  return pixels
}

function rowsOf(values: Float32Array, rows: number): number[][] {
  const width = values.length / rows
  return Array.from({ length: rows }, (_, i) => [...values.subarray(i * width, (i + 1) * width)])
}
