/** What was dropped or chosen, as one file to send: an archive as it is, a folder as an archive that is made of it. */
import { type FileInFolder, tarOf } from '../../../client/tar.js'

export interface Parcel {
  readonly fileName: string
  readonly bytes: Blob
}

const ARCHIVE = /\.(zip|tar|tar\.gz|tgz)$/i

/** Null where there is nothing to send. */
export async function parcelOf(transfer: DataTransfer): Promise<Parcel | null> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  const files = (await Promise.all(entries.map((entry) => filesOf(entry, '')))).flat()
  return pack(files, entries[0]?.name ?? 'pictures')
}

/** Of an input; those of a folder say where in it they lay. */
export function parcelOfFiles(chosen: readonly File[]): Parcel | null {
  const files = chosen.map((file) => ({ path: file.webkitRelativePath || file.name, blob: file }))
  return pack(files, files[0]?.path.split('/')[0] ?? 'pictures')
}

function pack(files: readonly (FileInFolder & { readonly blob: Blob })[], name: string): Parcel | null {
  const [first] = files
  if (first === undefined) return null
  if (files.length === 1 && ARCHIVE.test(first.path)) return { fileName: first.path, bytes: first.blob }
  return { fileName: `${name}.tar`, bytes: tarOf(files) }
}

async function filesOf(entry: FileSystemEntry, folder: string): Promise<FileInFolder[]> {
  const path = `${folder}${entry.name}`
  if (isFile(entry)) return [{ path, blob: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)) }]
  const children = await childrenOf(entry as FileSystemDirectoryEntry)
  return (await Promise.all(children.map((child) => filesOf(child, `${path}/`)))).flat()
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

/** A reader gives a hundred at a time, and none at the end. */
async function childrenOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return all
    all.push(...some)
  }
}
