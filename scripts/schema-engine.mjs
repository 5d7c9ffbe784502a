// Prisma's schema engine as WebAssembly, on a database of ours: Prisma's own command line would download a binary.
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import pg from 'pg'

const SCHEMA = new URL('../prisma/schema.prisma', import.meta.url)

/**
 * The SQL that turns the database at the address (or an empty one, with `fromEmpty`) into what prisma/schema.prisma says;
 * empty where it already is that. Prisma's own table of migrations, and schemas beside `public`, do not count.
 */
export async function schemaDifference(connectionString, { fromEmpty = false } = {}) {
  await loadEngine()
  const files = [{ path: 'schema.prisma', content: await readFile(SCHEMA, 'utf8') }]
  const factory = bindMigrationAwareSqlAdapterFactory(catalogueReader(connectionString))
  const engine = await bindings.SchemaEngine.new(
    { datamodels: [['schema.prisma', files[0].content]] },
    () => {},
    factory,
  )
  const { stdout } = await engine.diff({
    from: fromEmpty ? { tag: 'empty' } : { tag: 'schemaDatasource', files, configDir: '.' },
    to: { tag: 'schemaDatamodel', files },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  })
  engine.free()
  return stdout.includes('This is an empty migration') ? '' : stdout
}

/**
 * The adapter refuses the type "char", in which Postgres's catalogue keeps single letters, and the engine wants it called
 * Character: its columns pass the adapter as text and are renamed behind it. The engine asks one thing at a time.
 */
function catalogueReader(connectionString) {
  const [CHAR, TEXT] = [18, 25]
  const pool = new pg.Pool({ connectionString, max: 1, idleTimeoutMillis: 100 })
  const query = pool.query.bind(pool)
  let charColumns = []
  pool.query = async (...parameters) => {
    const result = await query(...parameters)
    charColumns = (result.fields ?? []).map((field) => field.dataTypeID === CHAR)
    for (const field of result.fields ?? []) if (field.dataTypeID === CHAR) field.dataTypeID = TEXT
    return result
  }
  const factory = new PrismaPg(pool, { disposeExternalPool: true })
  const connect = factory.connect.bind(factory)
  factory.connect = async () => {
    const adapter = await connect()
    const queryRaw = adapter.queryRaw.bind(adapter)
    adapter.queryRaw = async (parameters) => {
      const result = await queryRaw(parameters)
      const columnTypes = result.columnTypes.map((type, index) =>
        charColumns[index] ? ColumnTypeEnum.Character : type,
      )
      return { ...result, columnTypes }
    }
    return adapter
  }
  return factory
}

let loading

function loadEngine() {
  loading ??= instantiate()
  return loading
}

async function instantiate() {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm')
  const bytes = await readFile(entry.replace(/schema_engine\.js$/, 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': bindings })
  bindings.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
}
