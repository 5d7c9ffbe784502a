import { defineConfig } from 'prisma/config'

// Prisma would download its schema engine. `generate` needs none, only a name that does not claim to have succeeded;
// migrations are written by `npm run migration` and applied by Graft itself.
process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= '/bin/false'
process.env['CHECKPOINT_DISABLE'] ??= '1'

export default defineConfig({ schema: 'prisma/schema.prisma', migrations: { path: 'prisma/migrations' } })
