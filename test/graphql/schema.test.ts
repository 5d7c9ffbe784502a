import { isInputObjectType, isEnumType, isInterfaceType, isObjectType } from 'graphql'
import { describe, expect, it } from 'vitest'
import { buildGraftSchema, printGraftSchema } from '../../src/graphql/schema.js'
import { RESOLVERS } from '../../src/resolvers.js'

describe('schema', () => {
  it('describes every type, field and enum value', async () => {
    const schema = await buildGraftSchema(RESOLVERS)
    const bare: string[] = []
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__') || ['Query', 'Mutation', 'Subscription'].includes(type.name)) continue
      if (!type.description) bare.push(type.name)
      const members: readonly { name: string; description?: string | null | undefined }[] =
        isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)
          ? Object.values(type.getFields())
          : isEnumType(type)
            ? type.getValues()
            : []
      for (const member of members) if (!member.description) bare.push(`${type.name}.${member.name}`)
    }
    expect(bare).toEqual([])
  })

  it('prints interfaces, unions and defaults as clients rely on them', async () => {
    const text = printGraftSchema(await buildGraftSchema(RESOLVERS))
    expect(text).toContain('type Dataset implements Node {')
    expect(text).toContain('union CreateDatasetResult = CreateDatasetSuccess | InvalidInput | NameTaken')
    expect(text).toMatch(/first: Int = 20\n\s*\): DatasetConnection!/)
  })
})
