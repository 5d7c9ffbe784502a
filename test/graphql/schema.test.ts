import { isInputObjectType, isEnumType, isInterfaceType, isObjectType } from 'graphql'
import { describe, expect, it } from 'vitest'
import { buildGraftSchema, printGraftSchema } from '../../src/graphql/schema.js'
import { RESOLVERS } from '../../src/resolvers.js'

interface Described {
  readonly name: string
  readonly description?: string | null | undefined
  readonly args?: readonly Described[]
}

describe('schema', () => {
  it('describes every type, field, argument and enum value', async () => {
    const schema = await buildGraftSchema(RESOLVERS)
    const bare: string[] = []
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__')) continue
      if (!type.description && !['Query', 'Mutation', 'Subscription'].includes(type.name)) bare.push(type.name)
      const members: readonly Described[] =
        isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)
          ? Object.values(type.getFields())
          : isEnumType(type)
            ? type.getValues()
            : []
      for (const member of members) {
        if (!member.description) bare.push(`${type.name}.${member.name}`)
        for (const { name, description } of member.args ?? [])
          if (!description) bare.push(`${type.name}.${member.name}(${name})`)
      }
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
