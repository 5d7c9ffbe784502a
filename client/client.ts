/** A typed client of Graft's API, for browsers and Node; it knows the schema and nothing of the server. */
import {
  ClassifyDocument,
  type ClassifyMutation,
  CreateUploadDocument,
  EpochCompletedDocument,
  type EpochFiguresFragment,
  type ImageSource,
  ImportProgressDocument,
  type ImportStateFragment,
  type ModelReference,
  TrainingProgressDocument,
  type TrainingProgressSubscription,
} from './documents.js'
import { accepted } from './errors.js'
import { postOperation } from './http.js'
import { listen, openSocket, reconnecting } from './live.js'
import type { TypedDocument, VariablesArgument } from './typed-document.js'
import { bytesThere, sendBytes, type UploadAddress, type UploadOptions } from './upload.js'

export interface ClientOptions {
  /** The server's address, with or without /graphql. */
  readonly url: string
  readonly token?: string
  readonly fetch?: typeof globalThis.fetch
  /** The WebSocket class, where the platform has none of its own (Node 20: the `ws` package's). */
  readonly webSocket?: unknown
  /** How long a live feed tries to reconnect without hearing anything; two minutes unless told. */
  readonly patienceMs?: number
}

export interface WatchOptions {
  readonly signal?: AbortSignal
}

/** Bytes of a picture file, or any other source that the API takes. */
export type Picture = Uint8Array | ImageSource
export type PredictionOf<T> = Extract<T, { readonly prediction: unknown }>['prediction']
export type Prediction = PredictionOf<ClassifyMutation['classify']>
export type Progress = TrainingProgressSubscription['trainingProgress']

export interface Client {
  request<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    ...variables: VariablesArgument<Variables>
  ): Promise<Result>
  /** One subscription as it comes; throws ConnectionError when the connection is lost. */
  subscribe<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    options?: WatchOptions,
  ): AsyncIterable<Result>
  /** Every epoch after `afterEpoch`, each once whatever happens to the connection; ends when the run ends. */
  watchTrainingRun(
    id: string,
    options?: WatchOptions & { readonly afterEpoch?: number },
  ): AsyncIterable<EpochFiguresFragment>
  /** Where the run is, at once and as it moves; ends when the run ends. */
  watchProgress(id: string, options?: WatchOptions): AsyncIterable<Progress>
  /** Where the import is, at once and as it moves; the last value is its end. */
  watchImport(id: string, options?: WatchOptions): AsyncIterable<ImportStateFragment>
  /** Sends a picture or an archive, going on where a broken line broke it. @returns the upload's id, to import from */
  upload(bytes: Blob, fileName: string, options?: UploadOptions): Promise<string>
  /** @throws RefusedError for what the schema refuses, e.g. UnreadableImage */
  classify(picture: Picture, model: ModelReference, topK?: number): Promise<Prediction>
  /** Closes the live connection, if there is one. */
  close(): Promise<void>
}

export function createClient(options: ClientOptions): Client {
  const url = options.url.replace(/\/(graphql\/?)?$/, '') + '/graphql'
  // Browsers refuse a fetch that is called as a method of something else than their window.
  const fetch = options.fetch ?? globalThis.fetch.bind(globalThis)
  const http = { url, token: options.token, fetch }
  // Opened by the first subscription: who only asks needs no WebSocket.
  let socket: ReturnType<typeof openSocket> | undefined
  const patienceMs = options.patienceMs ?? 120_000

  const request: Client['request'] = async <Result>(document: { text: string }, variables?: unknown) =>
    (await postOperation(http, document.text, variables)) as Result

  const subscribe: Client['subscribe'] = <Result>(
    document: { text: string },
    variables: unknown,
    watch?: WatchOptions,
  ) => {
    socket ??= openSocket({ url, token: options.token, webSocket: options.webSocket })
    return listen(socket, { text: document.text, variables, signal: watch?.signal }) as AsyncGenerator<Result>
  }

  async function* watch<Result, Value>(
    feed: () => AsyncIterable<Result>,
    value: (result: Result) => Value,
    signal?: AbortSignal,
  ) {
    for await (const result of reconnecting(feed, { patienceMs, signal })) yield value(result)
  }

  async function* watchTrainingRun(id: string, watching: WatchOptions & { readonly afterEpoch?: number } = {}) {
    let afterEpoch = watching.afterEpoch ?? 0
    const feed = () => subscribe(EpochCompletedDocument, { trainingRunId: id, afterEpoch }, watching)
    for await (const epoch of watch(feed, (result) => result.epochCompleted, watching.signal)) {
      if (epoch.number <= afterEpoch) continue
      afterEpoch = epoch.number
      yield epoch
    }
  }

  async function createUpload(fileName: string, byteSize: number): Promise<UploadAddress> {
    return accepted((await request(CreateUploadDocument, { input: { fileName, byteSize } })).createUpload).upload
  }

  return {
    request,
    subscribe,
    watchTrainingRun,
    watchProgress: (id, watching = {}) =>
      watch(
        () => subscribe(TrainingProgressDocument, { trainingRunId: id }, watching),
        (result) => result.trainingProgress,
        watching.signal,
      ),
    watchImport: (id, watching = {}) =>
      watch(
        () => subscribe(ImportProgressDocument, { importId: id }, watching),
        (result) => result.importProgress,
        watching.signal,
      ),
    async upload(bytes, fileName, sending = {}) {
      const { begun, signal } = sending
      // The address may be relative to the server.
      const to = (upload: UploadAddress) => ({ url: new URL(upload.url, url).href, fetch })
      const from = begun && (await bytesThere(to(begun), signal))
      const upload = begun === undefined || from === undefined ? await createUpload(fileName, bytes.size) : begun
      if (upload !== begun) await sending.onBegun?.(upload)
      await sendBytes(to(upload), bytes, { ...sending, from })
      return upload.id
    },
    async classify(picture, model, topK = 5) {
      const image = picture instanceof Uint8Array ? { base64: base64Of(picture) } : picture
      const { classify } = await request(ClassifyDocument, { input: { image, model, topK } })
      return accepted(classify).prediction
    },
    close: async () => {
      await socket?.dispose()
    },
  }
}

/** Neither Buffer (browsers have none) nor one call with all bytes (its arguments would overflow the stack). */
function base64Of(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let at = 0; at < bytes.length; at += 0x8000) parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)))
  return btoa(parts.join(''))
}
