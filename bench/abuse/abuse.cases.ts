/** The whole corpus. */
import type { AbuseCase } from './abuse.case.js'
import { DOCUMENTS_BY_TRANSPORT } from './documents.cases.js'
import { EVENTS } from './events.cases.js'
import { REQUESTS } from './requests.cases.js'
import { SOCKETS } from './sockets.cases.js'
import { SOURCES } from './sources.cases.js'

export const ABUSE: readonly AbuseCase[] = [...DOCUMENTS_BY_TRANSPORT, ...REQUESTS, ...SOCKETS, ...EVENTS, ...SOURCES]
