/** GraphQL multipart requests: an operation with files, which wait in temporary files until they are read or the answer is sent. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { GraphQLError, GraphQLScalarType } from 'graphql'
import processRequest, { type FileUpload } from 'graphql-upload/processRequest.mjs'
import Upload from 'graphql-upload/Upload.mjs'
import { codedError } from './errors.js'

export interface MultipartLimits {
  readonly bodyBytes: number
  /** Of the operation. */
  readonly bodyTextBytes: number
  /** Of each file. */
  readonly maxImageBytes: number
}

/** More than a request has root fields. */
const MAX_FILES = 20

/** A form of another page can send these without asking first; it cannot send such a header. */
const PROOFS = ['apollo-require-preflight', 'x-apollo-operation-name']

/** Rejects before a byte of the body is read where another web page may have sent it, or where it is too large. */
export function refuseMultipart({ headers }: FastifyRequest, { bodyBytes }: MultipartLimits): GraphQLError | undefined {
  if (!PROOFS.some((name) => (headers[name] ?? '') !== ''))
    return refused(400, 'A multipart request needs the header apollo-require-preflight, with any value.')
  const length = headers['content-length']
  if (length === undefined) return refused(411, 'A multipart request needs the header content-length.')
  return Number(length) > bodyBytes ? refused(413, `The request is larger than ${String(bodyBytes)} bytes.`) : undefined
}

/** @returns the operation, with each file as an Upload in its variables */
export function readMultipart(request: FastifyRequest, reply: FastifyReply, limits: MultipartLimits): Promise<unknown> {
  return processRequest(request.raw, reply.raw, {
    maxFieldSize: limits.bodyTextBytes,
    maxFileSize: limits.maxImageBytes,
    maxFiles: MAX_FILES,
  })
}

export const UploadScalar = new GraphQLScalarType<Promise<FileUpload>, never>({
  name: 'Upload',
  description: 'A file of a GraphQL multipart request (graphql-multipart-request-spec), given by a variable.',
  parseValue(value) {
    if (value instanceof Upload) return value.promise
    throw new GraphQLError('Upload is a file of a multipart request.')
  },
  parseLiteral(node) {
    throw new GraphQLError('Upload is given by a variable.', { nodes: node })
  },
  serialize() {
    throw new GraphQLError('Upload is never an answer.')
  },
})

function refused(status: number, message: string): GraphQLError {
  return codedError('BAD_USER_INPUT', message, { http: { status } })
}
