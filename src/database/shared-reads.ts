/** One statement for the many who ask for the same at the same moment: every subscriber of a run, when its bell rings. */
import DataLoader from 'dataloader'

/**
 * What is asked for in one turn of the event loop is read together, the same key once. Nobody gets what was read before
 * it asked: nothing is kept.
 *
 * @param read keys in, as many values in the same order out
 */
export function sharing<Key, Value>(
  read: (keys: readonly Key[]) => Promise<readonly Value[]>,
): (key: Key) => Promise<Value> {
  const loader = new DataLoader<Key, Value>((keys) => {
    // Whoever asks from now on asks again.
    loader.clearAll()
    return read(keys)
  })
  return (key) => loader.load(key)
}
