/** Storage whose every use tells the supervisor that its child is at work: whatever a child does, it reads blobs. */
import type { BlobStore } from '../storage/blob-store.js'
import type { SupervisorLink } from './supervisor-link.js'

export function reportedStorage(storage: BlobStore, link: Pick<SupervisorLink, 'work'>): BlobStore {
  const reported = <Result>(use: () => Result): Result => {
    link.work()
    return use()
  }
  return {
    put: (bytes) => reported(() => storage.put(bytes)),
    read: (sha256) => reported(() => storage.read(sha256)),
    stream: (sha256, range) => reported(() => storage.stream(sha256, range)),
    stat: (sha256) => reported(() => storage.stat(sha256)),
    deleteIfOlder: (sha256, putBefore) => reported(() => storage.deleteIfOlder(sha256, putBefore)),
    delete: (sha256) => reported(() => storage.delete(sha256)),
    list: () => reported(() => storage.list()),
    withFile: (sha256, use) => reported(() => storage.withFile(sha256, use)),
  }
}
