import type { CommandContext } from './context.js'
import { LiveTrainersDocument } from './operations.documents.js'

/** Says so where nothing would take up what was asked for: it waits then, and goes on when a trainer comes. */
export async function tellMissingTrainer({
  client,
  terminal,
}: Pick<CommandContext, 'client' | 'terminal'>): Promise<void> {
  const { system } = await client.request(LiveTrainersDocument, {})
  if (system.trainers.length > 0) return
  terminal.screen.line(
    'No trainer is running yet: this waits for one. npm start brings one, npm run start:trainer starts another.',
  )
}
