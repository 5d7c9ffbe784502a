// Written by `npm run documents` from system.graphql and schema.graphql. Change those, not this.

import { typedDocument } from '../client/typed-document.js'

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] }
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never }
export type SystemStateQueryVariables = Exact<{ [key: string]: never }>

export type SystemStateQuery = {
  readonly system: {
    readonly version: string
    readonly queuedRuns: number
    readonly runningRuns: number
    readonly engine: { readonly backend: string; readonly device: string; readonly version: string } | null
    readonly trunk: { readonly name: string; readonly pretrained: boolean } | null
    readonly trainers: ReadonlyArray<{ readonly id: string; readonly trunkFault: string | null }>
  }
}

export const SystemStateDocument = typedDocument<SystemStateQuery, SystemStateQueryVariables>(`
query SystemState {
  system {
    version
    queuedRuns
    runningRuns
    engine {
      backend
      device
      version
    }
    trunk {
      name
      pretrained
    }
    trainers {
      id
      trunkFault
    }
  }
}
`)
