import { Field, ObjectType } from 'type-graphql'
import { z } from 'zod'

const storedEngineInfo = z.object({ backend: z.string(), device: z.string(), version: z.string() })
export type EngineInfo = z.infer<typeof storedEngineInfo>

export function readEngineInfo(json: unknown): EngineInfo | null {
  return json === null ? null : storedEngineInfo.parse(json)
}

@ObjectType('EngineInfo', { description: 'What computes.', simpleResolvers: true })
export class EngineInfoType implements EngineInfo {
  @Field(() => String, { description: 'tensorflow, webgpu, wasm or cpu.' })
  readonly backend!: string

  @Field(() => String, { description: "The accelerator's or the processor's name." })
  readonly device!: string

  @Field(() => String, { description: "The library's version." })
  readonly version!: string
}
