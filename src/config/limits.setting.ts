import type { z } from 'zod'
import { byteCount, count } from './quantity.setting.js'

/** What one request may ask for at most. */
export interface Limits {
  readonly depth: number
  readonly aliases: number
  readonly rootFields: number
  readonly directives: number
  /** Fields that an answer may hold, `first` multiplied in. */
  readonly cost: number
  /** Ids in one `nodes`. */
  readonly nodes: number
  readonly queryBytes: number
  readonly bodyBytes: number
  /** Of the body, outside `base64` values. */
  readonly bodyTextBytes: number
  /** Operations at a time on one WebSocket. */
  readonly socketOperations: number
  /** WebSockets and event streams at a time of one token. */
  readonly liveConnections: number
  /** Words and signs of a document. */
  readonly tokens: number
  /** Fields of one selection. */
  readonly breadth: number
  /** Operations in one HTTP request. */
  readonly batch: number
  readonly requestSeconds: number
  /** Of documents that callers registered by their hash. */
  readonly persistedBytes: number
  /** classify and embedding, of one token. */
  readonly classifyPerMinute: number
  readonly classifyAtOnce: number
}

export const limitSettings = {
  GRAFT_MAX_DEPTH: count(15),
  GRAFT_MAX_ALIASES: count(50),
  GRAFT_MAX_ROOT_FIELDS: count(20),
  GRAFT_MAX_DIRECTIVES: count(50),
  GRAFT_MAX_COST: count(1_000_000),
  GRAFT_MAX_NODES: count(100),
  GRAFT_MAX_QUERY_BYTES: byteCount(100_000),
  GRAFT_MAX_BODY_BYTES: byteCount(40_000_000),
  GRAFT_MAX_BODY_TEXT_BYTES: byteCount(1_000_000),
  GRAFT_MAX_SOCKET_OPERATIONS: count(100),
  GRAFT_MAX_LIVE_CONNECTIONS: count(1_000),
  GRAFT_MAX_TOKENS: count(5_000),
  GRAFT_MAX_BREADTH: count(200),
  GRAFT_MAX_BATCH: count(1),
  GRAFT_MAX_REQUEST_SECONDS: count(120),
  GRAFT_MAX_PERSISTED_BYTES: byteCount(10_000_000),
  GRAFT_MAX_CLASSIFY_PER_MINUTE: count(6_000),
  GRAFT_MAX_CLASSIFY_AT_ONCE: count(100),
}

type LimitValues = { [Name in keyof typeof limitSettings]: z.infer<(typeof limitSettings)[Name]> }

export function limitsOf(values: LimitValues): Limits {
  return {
    depth: values.GRAFT_MAX_DEPTH,
    aliases: values.GRAFT_MAX_ALIASES,
    rootFields: values.GRAFT_MAX_ROOT_FIELDS,
    directives: values.GRAFT_MAX_DIRECTIVES,
    cost: values.GRAFT_MAX_COST,
    nodes: values.GRAFT_MAX_NODES,
    queryBytes: values.GRAFT_MAX_QUERY_BYTES,
    bodyBytes: values.GRAFT_MAX_BODY_BYTES,
    bodyTextBytes: values.GRAFT_MAX_BODY_TEXT_BYTES,
    socketOperations: values.GRAFT_MAX_SOCKET_OPERATIONS,
    liveConnections: values.GRAFT_MAX_LIVE_CONNECTIONS,
    tokens: values.GRAFT_MAX_TOKENS,
    breadth: values.GRAFT_MAX_BREADTH,
    batch: values.GRAFT_MAX_BATCH,
    requestSeconds: values.GRAFT_MAX_REQUEST_SECONDS,
    persistedBytes: values.GRAFT_MAX_PERSISTED_BYTES,
    classifyPerMinute: values.GRAFT_MAX_CLASSIFY_PER_MINUTE,
    classifyAtOnce: values.GRAFT_MAX_CLASSIFY_AT_ONCE,
  }
}
