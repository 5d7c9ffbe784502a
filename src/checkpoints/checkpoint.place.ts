/** Names a checkpoint by its run and epoch to a request's loaders, which know values by one key. */
export type CheckpointPlace = `${string}:${number}`

export function checkpointPlace(runId: string, epoch: number): CheckpointPlace {
  return `${runId}:${epoch}`
}
