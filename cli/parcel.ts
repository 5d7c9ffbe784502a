/** A folder or an archive as it is sent, looked at first: what the server could never take is not sent to it. */
import { openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { Header } from 'tar'
import { tarOf } from '../client/tar.js'
import { CommandError } from './exit-codes.js'
import { filesBelow } from './folder-files.js'

export interface Parcel {
  readonly blob: Blob
  readonly fileName: string
  /** What is in it, and when each was changed last: another listing is another parcel. */
  readonly listing: unknown
}

/** Hexadecimal. The first of each kind of picture; what else begins like one is the server's to tell. */
const PICTURE = /^(ffd8ff|89504e47|52494646.{8}57454250|47494638|.{8}66747970|49492[ab]00|4d4d002[ab])/
const ZIP_OR_GZIP = /^(504b0304|504b0506|1f8b)/
const TAR_BLOCK = 512

/** @throws CommandError where nothing in it can be an archive or a picture */
export async function parcelOf(from: string): Promise<Parcel> {
  const facts = await stat(from).catch(() => undefined)
  if (facts === undefined) throw new CommandError(`There is no file or folder ${from}.`)
  if (facts.isDirectory()) return folderParcel(from)
  const blob = await openAsBlob(from)
  expectArchive(from, await beginningOf(blob))
  return { blob, fileName: basename(from), listing: [facts.size, facts.mtimeMs] }
}

async function folderParcel(from: string): Promise<Parcel> {
  const files = await filesBelow(from)
  if (files.length === 0) throw new CommandError(`There are no files in ${from}.`)
  if (!(await holdsPicture(files)))
    throw new CommandError(`There is no JPEG, PNG, WebP, GIF, AVIF or TIFF picture in ${from}.`)
  const listing = files.map(({ path, blob, changedAt }) => [path, blob.size, changedAt])
  return { blob: tarOf(files), fileName: `${basename(resolve(from))}.tar`, listing }
}

/** Ends with the first one: of a folder of pictures one file is looked at. */
async function holdsPicture(files: readonly { readonly blob: Blob }[]): Promise<boolean> {
  for (const { blob } of files) if (PICTURE.test((await beginningOf(blob)).toString('hex'))) return true
  return false
}

function expectArchive(from: string, beginning: Buffer): void {
  const hex = beginning.toString('hex')
  if (ZIP_OR_GZIP.test(hex) || isTar(beginning)) return
  const remedy = PICTURE.test(hex) ? 'A picture comes in a folder that names its class: import the folder above.' : ''
  throw new CommandError(`${from} is neither a folder nor a .zip, .tar or .tar.gz archive. ${remedy}`.trimEnd())
}

function isTar(beginning: Buffer): boolean {
  try {
    return beginning.length === TAR_BLOCK && new Header(beginning).cksumValid
  } catch {
    return false
  }
}

async function beginningOf(blob: Blob): Promise<Buffer> {
  return Buffer.from(await blob.slice(0, TAR_BLOCK).arrayBuffer())
}
